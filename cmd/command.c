#include "command.h"
#include "option.h"
#include "output.h"
#include "passphrase.h"
#include "progress.h"
#include "usage.h"

#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One run of a tool. `quiet` has its result go to where nobody sees it. */
struct run {
	const struct tool *tool;
	const struct verb *verb;
	struct option_common common;
	struct command command;
	struct output output;
	struct progress progress;
	enum pen_format format;
	char name[64];			/* tool and verb, as they were typed */
};

static volatile sig_atomic_t stop_asked;

/* ---- what the library asks and tells ---- */

static void on_signal(int number)
{
	(void)number;
	stop_asked = 1;
}

/* The first signal asks for an orderly end, the second ends at once: the store
 * is as it was before in either case. A reader who goes away ends no run, so that
 * what has to be entered about it still is. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow fails as a full disk does. */
	signal(SIGXFSZ, SIG_IGN);
}

static bool stopped(void *context)
{
	(void)context;
	return stop_asked != 0;
}

static void tell_progress(void *context, const char *step, int64_t done, int64_t total)
{
	struct run *run = context;

	progress_tell(&run->progress, step, done, total);
}

static int ask_passphrase(void *context, char *buf, int room)
{
	struct run *run = context;

	progress_clear(&run->progress);
	return passphrase_ask(context, buf, room);
}

/* ---- messages ---- */

static void complain(const struct tool *tool, const struct pen_error *error)
{
	char line[2048];

	fflush(stdout);
	if (error->text[0])
		fprintf(stderr, "%s: %s\n", tool->name, pen_error_format(error, line, sizeof(line)));
}

/* ---- the surroundings ---- */

/* Messages lie in ../share/locale beside the program, or beside PEN_SHARE. */
static void set_locale(void)
{
	const char *share = getenv("PEN_SHARE");
	char program[PATH_MAX], path[2 * PATH_MAX];
	ssize_t n;

	setlocale(LC_ALL, "");
	n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	program[n > 0 ? n : 0] = '\0';
	if (share && *share)
		snprintf(path, sizeof(path), "%s/../locale", share);
	else if (strrchr(program, '/'))
		snprintf(path, sizeof(path), "%.*s/../share/locale", (int)(strrchr(program, '/') - program), program);
	else
		snprintf(path, sizeof(path), "%s", PEN_PREFIX "/share/locale");
	bindtextdomain("pen", path);
	bind_textdomain_codeset("pen", "UTF-8");
}

static enum pen_status read_format(struct run *run, struct pen_error *error)
{
	static const char *const names[] = { "text", "csv", "json", "ndjson" };
	static const enum pen_format formats[] = { PEN_TEXT, PEN_CSV, PEN_JSON, PEN_NDJSON };
	const char *name = run->common.format ? run->common.format : "text";
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0) {
			run->format = formats[i];
			return PEN_OK;
		}
	}
	return wrong_usage(error, _("there is no format \"%s\": expected text, csv, json or ndjson"), name);
}

/* An empty variable of the environment counts as none. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* Who acts on which store: what was given, else the environment. Somebody named
 * with --as uses their own key, not the one of PEN_KEY. */
static void fill_options(struct run *run)
{
	const struct option_common *common = &run->common;
	struct command *command = &run->command;

	snprintf(run->name, sizeof(run->name), "%s%s%s", run->tool->name, run->verb->name ? " " : "",
	    run->verb->name ? run->verb->name : "");
	command->store = common->store ? common->store : environment("PEN_STORE");
	command->staff = common->staff ? common->staff : environment("PEN_STAFF");
	command->dry_run = common->dry_run;
	command->options = (struct pen_session_options){
		.store = command->store, .staff = command->staff,
		.key = common->key || common->staff ? common->key : environment("PEN_KEY"),
		.command = run->name, .while_suspended = run->verb->flags & VERB_WHILE_SUSPENDED,
		.anywhere = run->verb->flags & VERB_ANYWHERE,
		.restored = run->verb->flags & VERB_RESTORED,
		.passphrase = ask_passphrase, .progress = tell_progress, .stopped = stopped, .context = run
	};
}

/* ---- a run ---- */

static enum pen_status check_operands(const struct run *run, struct pen_error *error)
{
	const struct verb *verb = run->verb;
	int argc = run->command.argc;
	const char *space = verb->name ? " " : "", *name = verb->name ? verb->name : "";

	if (argc < verb->least)
		return wrong_usage(error, _("expected %s%s%s %s, and something is missing; %s%s%s --help says more"),
		    run->tool->name, space, name, verb->operands, run->tool->name, space, name);
	if (verb->most >= 0 && argc > verb->most)
		return wrong_usage(error, _("\"%s\" is one too many: expected %s%s%s%s%s; %s%s%s --help says more"),
		    run->command.argv[verb->most], run->tool->name, space, name,
		    verb->operands[0] ? " " : "", verb->operands, run->tool->name, space, name);
	return PEN_OK;
}

/* A tool without a default verb was given none that it knows. */
static enum pen_status no_verb(const struct run *run, struct pen_error *error)
{
	const struct verb *v;
	char names[512] = "";
	size_t n = 0;

	for (v = run->tool->verbs; v->run && n < sizeof(names); v++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", n ? ", " : "", v->name);
	if (run->command.argc > 0)
		return wrong_usage(error, _("there is no command \"%s\": expected one of %s; %s --help says more"),
		    run->command.argv[0], names, run->tool->name);
	return wrong_usage(error, _("say what to do: one of %s; %s --help says more"), names, run->tool->name);
}

/* Opens what the verb asks for, hands it over, and closes it. */
static enum pen_status run_verb(struct run *run, struct pen_error *error)
{
	struct command *command = &run->command;
	enum pen_status status;

	if (run->verb->flags & VERB_SESSION) {
		/* Without a name a copy can be read, and nothing else. */
		if (!command->staff && !(run->verb->flags & VERB_STAFF_OPTIONAL))
			return wrong_usage(error, _("say who acts: PEN_STAFF or --as"));
		status = pen_session_open(&command->session, &command->options, error);
		if (status != PEN_OK)
			return status;
		if (run->common.verbose)
			fprintf(stderr, _("%s: store %s, acting as %s\n"), run->tool->name, command->store,
			    command->staff ? command->staff : _("nobody"));
	}
	status = run->verb->run(command, error);
	progress_clear(&run->progress);
	pen_session_close(command->session);
	return status;
}

/* A result that stands: the work was done, whatever was found by it. */
static bool stands(enum pen_status status)
{
	return status == PEN_OK || status == PEN_FINDINGS || status == PEN_INTEGRITY || status == PEN_INCOMPLETE;
}

/* What was found damaged before there was anything to show has no result. */
static bool shows(const struct run *run, enum pen_status status)
{
	return stands(status) && (status == PEN_OK || status == PEN_FINDINGS || ftell(run->output.stream) != 0);
}

/* Runs with the result going where it should; a result that does not stand
 * leaves no file. */
static enum pen_status run_printing(struct run *run, struct pen_error *error)
{
	struct pen_error late = { 0 };
	enum pen_status status;
	const char *path = run->common.output;

	if (!path && run->common.quiet)
		path = "/dev/null";
	if (output_open(&run->output, path, error) != PEN_OK)
		return error->status;
	status = pen_printer_open(&run->command.printer, run->output.stream, run->format, error);
	if (status != PEN_OK)
		goto out;
	status = run_verb(run, error);
	if (pen_printer_finish(run->command.printer, &late) != PEN_OK && stands(status)) {
		*error = late;
		status = late.status;
	}
	pen_printer_free(run->command.printer);
out:
	if (!shows(run, status))
		output_discard(&run->output);
	else if (output_keep(&run->output, &late) != PEN_OK) {
		*error = late;
		status = late.status;
	}
	return status;
}

/* What is asked of the tool itself, without a verb at work; true: done. */
static bool answer(const struct run *run, enum pen_status *status, struct pen_error *error)
{
	const struct option_common *common = &run->common;

	*status = PEN_OK;
	if (common->version)
		printf("%s (pen) %s\n", run->tool->name, pen_version());
	else if (common->help)
		usage_help(run->tool, run->verb && run->verb->name ? run->verb : NULL, stdout);
	else if (common->synopsis)
		usage_synopsis(run->tool, stdout);
	else if (common->completion && strcmp(common->completion, "bash") == 0)
		usage_completion(run->tool, stdout);
	else if (common->completion)
		*status = wrong_usage(error, _("no completions for \"%s\": expected bash"), common->completion);
	else
		return false;
	return true;
}

static enum pen_status run_line(struct run *run, int argc, char **argv, char **operands, struct pen_error *error)
{
	struct option_line line = { .operands = operands };
	enum pen_status status;

	status = option_read(run->tool, argc, argv, &line, error);
	if (status != PEN_OK)
		return status;
	run->verb = line.verb;
	run->common = line.common;
	run->command.argc = line.count;
	run->command.argv = line.operands;
	if (answer(run, &status, error))
		return status;
	if (!run->verb)
		return no_verb(run, error);
	if (check_operands(run, error) != PEN_OK || read_format(run, error) != PEN_OK)
		return error->status;
	fill_options(run);
	progress_start(&run->progress, !run->common.quiet && !run->common.no_progress);
	return run_printing(run, error);
}

int command_main(const struct tool *tool, int argc, char **argv)
{
	struct run run = { .tool = tool };
	struct pen_error error = { 0 };
	enum pen_status status;
	char **operands;

	set_locale();
	catch_signals();
	operands = calloc((size_t)argc + 1, sizeof(*operands));
	if (!operands) {
		fprintf(stderr, _("%s: out of memory\n"), tool->name);
		return PEN_SYSTEM;
	}
	status = run_line(&run, argc, argv, operands, &error);
	if (status != PEN_OK && status != PEN_FINDINGS)
		complain(tool, &error);
	free(operands);
	return (int)status;
}
