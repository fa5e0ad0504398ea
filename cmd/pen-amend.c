/* pen-amend: changes of what is sealed, and objections, each a case with its steps. */
#include "command.h"
#include "option.h"

#include <errno.h>
#include <stdlib.h>

static struct pen_request_options asked;
static struct option_list set;
static struct { const char *reason, *state, *form, *paper; int64_t seconds, issue; int32_t until; } given;

/* The operand: a case by its number. */
static enum pen_status the_case(const struct command *command, int64_t *id, struct pen_error *error)
{
	const char *text = command->argv[0];
	char *end;

	errno = 0;
	*id = strtoll(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && *id > 0)
		return PEN_OK;
	return wrong_usage(error, _("a case is named by its number, as pen-amend list shows it"));
}

static void gather(const struct command *command)
{
	asked.set = set.at;
	asked.sets = set.count;
	asked.dry_run = command->dry_run;
}

static enum pen_status request(struct command *command, struct pen_error *error)
{
	gather(command);
	return pen_request(command->session, &asked, command->printer, error);
}

static enum pen_status object(struct command *command, struct pen_error *error)
{
	gather(command);
	return pen_object(command->session, &asked, given.issue, command->printer, error);
}

static enum pen_status revise(struct command *command, struct pen_error *error)
{
	int64_t id;

	gather(command);
	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_request_revise(command->session, id, &asked, command->printer, error);
}

static enum pen_status approve(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_decide_approve(command->session, id, command->dry_run, command->printer, error);
}

static enum pen_status send_back(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_decide_return(command->session, id, given.reason, command->dry_run, command->printer, error);
}

static enum pen_status reject(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_decide_reject(command->session, id, given.reason, command->dry_run, command->printer, error);
}

static enum pen_status withdraw(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_decide_withdraw(command->session, id, given.reason, command->dry_run, command->printer, error);
}

static enum pen_status unseal(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_decide_unseal(command->session, id, given.seconds, given.until, command->dry_run, command->printer, error);
}

static enum pen_status apply(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_apply_case(command->session, id, command->dry_run, command->printer, error);
}

static enum pen_status check(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_check_case(command->session, id, command->dry_run, command->printer, error);
}

static enum pen_status close_it(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return pen_close_case(command->session, id, command->dry_run, command->printer, error);
}

static enum pen_status list(struct command *command, struct pen_error *error)
{
	return pen_casebook_list(command->session, given.state, given.form, command->printer, error);
}

static enum pen_status show(struct command *command, struct pen_error *error)
{
	int64_t id;

	if (the_case(command, &id, error) != PEN_OK)
		return error->status;
	return given.paper ? pen_casebook_paper(command->session, id, given.paper, command->printer, error) :
	    pen_casebook_show(command->session, id, command->printer, error);
}

static enum pen_status template(struct command *command, struct pen_error *error)
{
	gather(command);
	return pen_template(command->session, &asked, command->printer, error);
}

#define FORM { 0, "form", OPTION_TEXT, &asked.form, "FORM", N_("change (业务数据修改申请表) or rebuild-account (补建个人帐户申请表)"), NULL }
#define PERSON { 0, "person", OPTION_TEXT, &asked.person, "ID", N_("whose record, by citizen id"), NULL }
#define EMPLOYER { 0, "employer", OPTION_TEXT, &asked.employer, "CODE", N_("at which employer, or whose record, by credit code"), NULL }
#define YEAR { 0, "year", OPTION_YEAR, &asked.year, "YEAR", N_("of which year"), NULL }
#define KIND { 0, "kind", OPTION_TEXT, &asked.kind, "KIND", N_("breakdown, registration, employer, opening or retirement (else by the rest)"), NULL }
#define FOLIO { 0, "folio", OPTION_COUNT, &asked.folio, "N", N_("in this folio, where there are several"), NULL }
#define LINE { 0, "line", OPTION_COUNT, &asked.line, "N", N_("on this line of it"), NULL }
#define WHAT \
	{ 0, "set", OPTION_LIST, &set, "FIELD=VALUE", N_("what a field is to be; may be repeated"), NULL }, \
	{ 0, "from", OPTION_TEXT, &asked.from, "FILE", N_("many records at once, as pen-amend template prints them (CSV, or .json)"), NULL }, \
	{ 0, "reason", OPTION_TEXT, &asked.reason, "TEXT", N_("why"), NULL }, \
	{ 0, "original", OPTION_TEXT, &asked.original, "FILE", N_("papers of the original entry, kept in the store"), NULL }, \
	{ 0, "evidence", OPTION_TEXT, &asked.evidence, "FILE", N_("papers of the new data, kept in the store"), NULL }
#define END { 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }

static const struct option_row request_rows[] = { FORM, PERSON, EMPLOYER, YEAR, KIND, FOLIO, LINE, WHAT, END };
static const struct option_row revise_rows[] = { PERSON, EMPLOYER, YEAR, KIND, FOLIO, LINE, WHAT, END };
static const struct option_row template_rows[] = { FORM, PERSON, EMPLOYER, YEAR, KIND, FOLIO, LINE, END };

static const struct option_row object_rows[] = {
	PERSON, EMPLOYER, YEAR,
	{ 0, "issue", OPTION_COUNT, &given.issue, "N", N_("against the statement handed out under this number (else the newest of the year)"), NULL },
	KIND, FOLIO, LINE, WHAT, END
};

static const struct option_row reason_rows[] = {
	{ 0, "reason", OPTION_TEXT, &given.reason, "TEXT", N_("why; the case keeps it"), NULL },
	END
};

static const struct option_row unseal_rows[] = {
	{ 0, "for", OPTION_AGE, &given.seconds, "TIME", N_("how long, such as 2h or 3d (else a day)"), NULL },
	{ 0, "until", OPTION_DATE, &given.until, "DATE", N_("or until this day is over"), NULL },
	END
};

static const struct option_row list_rows[] = {
	{ 0, "state", OPTION_TEXT, &given.state, "STATE", N_("in this state alone"), NULL },
	{ 0, "form", OPTION_TEXT, &given.form, "FORM", N_("of this form alone: change, rebuild-account or objection"), NULL },
	END
};

static const struct option_row show_rows[] = {
	{ 0, "paper", OPTION_TEXT, &given.paper, "WHICH", N_("give a paper out instead: original, evidence, or application, the text that was signed"), NULL },
	END
};

#define WRITES (VERB_SESSION | VERB_DRY_RUN)
#define READS (VERB_SESSION | VERB_STAFF_OPTIONAL)

static const struct verb verbs[] = {
	{ "request", "", N_("ask for a change of what is sealed (R5.1)"), WRITES, 0, 0, request_rows, request },
	{ "object", "", N_("object to a statement, within three months of the day it was handed out (R4.2.3)"), WRITES, 0, 0, object_rows, object },
	{ "revise", "CASE", N_("hand a case that was returned in again"), WRITES, 1, 1, revise_rows, revise },
	{ "approve", "CASE", N_("approve: the lead, then the head (R5.2)"), WRITES, 1, 1, NULL, approve },
	{ "return", "CASE", N_("send it back to whoever asked, to be revised"), WRITES, 1, 1, reason_rows, send_back },
	{ "reject", "CASE", N_("reject it, for good"), WRITES, 1, 1, reason_rows, reject },
	{ "withdraw", "CASE", N_("withdraw what one asked for"), WRITES, 1, 1, reason_rows, withdraw },
	{ "unseal", "CASE", N_("open what it names, once, for a stated time (R5.2)"), WRITES, 1, 1, unseal_rows, unseal },
	{ "apply", "CASE", N_("enter what was unsealed, with all that follows from it (R5.3.1)"), WRITES, 1, 1, NULL, apply },
	{ "check", "CASE", N_("check what was entered against the application, and sign (R5.3.2)"), WRITES, 1, 1, NULL, check },
	{ "close", "CASE", N_("seal the new versions, and close the case"), WRITES, 1, 1, NULL, close_it },
	{ "list", "", N_("all cases, where they stand and what comes next"), READS, 0, 0, list_rows, list },
	{ "show", "CASE", N_("one case: its steps, and what it asks for field by field"), READS, 1, 1, show_rows, show },
	{ "template", "", N_("print an empty application, or one with the values that stand"), READS, 0, 0, template_rows, template },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-amend", N_("amend what is sealed, by the book"), verbs };

	return command_main(&tool, argc, argv);
}
