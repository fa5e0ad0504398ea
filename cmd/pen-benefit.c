/* pen-benefit: benefits, assessed, paid month by month, stopped and ended. */
#include "command.h"
#include "option.h"

static struct {
	const char *month;
} given;

/* ---- approve ---- */

static enum pen_status approve(struct command *command, struct pen_error *error)
{
	return pen_benefit_approve(command->session, command->argv[0], command->dry_run, command->printer, error);
}

/* ---- run ---- */

static enum pen_status run(struct command *command, struct pen_error *error)
{
	if (!given.month)
		return wrong_usage(error, _("say which month is to be paid, with --month"));
	return pen_month_run(command->session, given.month, command->dry_run, command->printer, error);
}

static const struct option_row run_rows[] = {
	{ 0, "month", OPTION_TEXT, &given.month, "MONTH", N_("the month, as 2026-11"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct verb verbs[] = {
	{ "approve", "BATCHES", N_("sign batches of benefits in the role whose turn it is; after the last, seal them"),
	    VERB_SESSION | VERB_DRY_RUN, 1, 1, NULL, approve },
	{ "run", "", N_("make the roll of a month, and reconcile it with the month before"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, run_rows, run },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-benefit", N_("benefits"), verbs };

	return command_main(&tool, argc, argv);
}
