/* pen-account: personal accounts, settled, shown, closed and merged. */
#include "command.h"
#include "option.h"

static struct {
	int32_t year;
	const char *person, *as_of, *reason, *note, *into;
	int32_t on;
} given;

static enum pen_status settle(struct command *command, struct pen_error *error)
{
	if (!given.year)
		return wrong_usage(error, _("say which year is to be settled, with --year"));
	return pen_settle(command->session, given.year, command->dry_run, command->printer, error);
}

static const struct option_row settle_rows[] = {
	{ 0, "year", OPTION_YEAR, &given.year, "YEAR", N_("the year to be settled"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status show(struct command *command, struct pen_error *error)
{
	if (!given.person)
		return wrong_usage(error, _("say whose account, with --person and a citizen id"));
	return pen_holdings_show(command->session, given.person, given.as_of, command->printer, error);
}

static const struct option_row show_rows[] = {
	{ 0, "person", OPTION_TEXT, &given.person, "ID", N_("citizen id"), NULL },
	{ 0, "as-of", OPTION_TEXT, &given.as_of, "INDEX|DATE", N_("as it stood then: a journal index, or a date"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status close_out(struct command *command, struct pen_error *error)
{
	const struct pen_close_out of = { given.person, given.reason, given.note, given.on, command->dry_run };

	if (!given.person || !given.reason || !given.note || !given.on)
		return wrong_usage(error, _("say whose account (--person), why (--reason), since when (--on) and by which paper (--note)"));
	return pen_close_out(command->session, &of, command->printer, error);
}

static const struct option_row close_out_rows[] = {
	{ 0, "person", OPTION_TEXT, &given.person, "ID", N_("citizen id"), NULL },
	{ 0, "reason", OPTION_TEXT, &given.reason, "death|emigration", N_("why it is closed"), NULL },
	{ 0, "on", OPTION_DATE, &given.on, "DATE", N_("the day on which that happened"), NULL },
	{ 0, "note", OPTION_TEXT, &given.note, "TEXT", N_("which paper says so"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status merge(struct command *command, struct pen_error *error)
{
	const struct pen_merge_options of = { given.person, given.into, given.note, command->dry_run };

	if (!given.person || !given.into || !given.note)
		return wrong_usage(error, _("say whose account ends (--person), into which it goes (--into) and by which paper (--note)"));
	return pen_merge(command->session, &of, command->printer, error);
}

static const struct option_row merge_rows[] = {
	{ 0, "person", OPTION_TEXT, &given.person, "ID", N_("citizen id of the account that ends"), NULL },
	{ 0, "into", OPTION_TEXT, &given.into, "ID", N_("citizen id of the account that it goes into"), NULL },
	{ 0, "note", OPTION_TEXT, &given.note, "TEXT", N_("which paper says so"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct verb verbs[] = {
	{ "settle", "", N_("settle a year for everybody whose contributions of it are sealed"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, settle_rows, settle },
	{ "show", "", N_("show a person's account, year by year, every step of the arithmetic"),
	    VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, show_rows, show },
	{ "close-out", "", N_("close an account: interest to the end of the month, all of it paid out"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, close_out_rows, close_out },
	{ "merge", "", N_("make two accounts of one person one"),
	    VERB_SESSION | VERB_DRY_RUN, 0, 0, merge_rows, merge },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-account", N_("personal accounts"), verbs };

	return command_main(&tool, argc, argv);
}
