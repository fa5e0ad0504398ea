/* pen-import: brings files in, and decides what becomes of them. */
#include "command.h"
#include "option.h"


static struct {
	const char *rejects, *reason;
	int64_t rows, amount, amends, wait;
	struct option_list set;
	bool has_rows, has_amount, has_wait, confirm, strict, show_rows, show_rejects, show_repairs;
} given;

static struct pen_expectation expectation(void)
{
	return (struct pen_expectation){ .rows = given.has_rows ? given.rows : -1,
		.has_amount = given.has_amount, .amount_fen = given.amount };
}

/* Operands that name batches or folios, as one list: "1-3 5" is "1-3,5". */
static enum pen_status join(const struct command *command, char *out, size_t room, struct pen_error *error)
{
	size_t n = 0;
	int i, length;

	for (i = 0; i < command->argc; i++) {
		length = snprintf(out + n, room - n, "%s%s", i ? "," : "", command->argv[i]);
		if (length < 0 || (size_t)length >= room - n)
			return wrong_usage(error, _("that is more than can be named at once: use ranges, such as 1-400"));
		n += (size_t)length;
	}
	return PEN_OK;
}

/* ---- bring in ---- */

static enum pen_status stage(struct command *command, struct pen_error *error)
{
	const struct pen_stage_options options = {
		.form = command->argv[0], .path = command->argv[1],
		.more = (const char *const *)command->argv + 2, .more_count = (size_t)command->argc - 2,
		.confirm = given.confirm, .expect = expectation(), .rejects = given.rejects,
		.amends = given.amends, .strict = given.strict,
		.given = given.set.at, .given_count = given.set.count,
		.wait = given.has_wait && !given.wait ? -1 : given.wait, .dry_run = command->dry_run
	};

	return pen_stage(command->session, &options, command->printer, error);
}

static const struct option_row stage_rows[] = {
	{ 0, "confirm", OPTION_FLAG, &given.confirm, NULL, N_("confirm it too; needs a total that is declared (R4.1.2)"), NULL },
	{ 0, "expect-rows", OPTION_COUNT, &given.rows, "N", N_("rows that are to be admitted"), &given.has_rows },
	{ 0, "expect-amount", OPTION_YUAN, &given.amount, "YUAN", N_("amount that is to be admitted"), &given.has_amount },
	{ 0, "rejects", OPTION_TEXT, &given.rejects, "FILE", N_("where rejected rows go (else NAME.batchN.rejects.csv here)"), NULL },
	{ 0, "amends", OPTION_COUNT, &given.amends, "BATCH", N_("the batch whose rejected rows this file mends"), NULL },
	{ 0, "set", OPTION_LIST, &given.set, "FIELD=VALUE", N_("declares a field that the file has no column for; may be repeated"), NULL },
	{ 0, "strict", OPTION_FLAG, &given.strict, NULL, N_("reject a row rather than mend anything in it"), NULL },
	{ 0, "wait", OPTION_COUNT, &given.wait, "SECONDS", N_("wait for another run that holds the store; 0: as long as it takes"), &given.has_wait },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

/* ---- decide ---- */

static enum pen_status confirm(struct command *command, struct pen_error *error)
{
	const struct pen_expectation expect = expectation();
	char batches[4096];

	if (join(command, batches, sizeof(batches), error) != PEN_OK)
		return error->status;
	return pen_confirm(command->session, batches, &expect, command->dry_run, command->printer, error);
}

static const struct option_row confirm_rows[] = {
	{ 0, "expect-rows", OPTION_COUNT, &given.rows, "N", N_("rows that are to be admitted"), &given.has_rows },
	{ 0, "expect-amount", OPTION_YUAN, &given.amount, "YUAN", N_("amount that is to be admitted"), &given.has_amount },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status discard(struct command *command, struct pen_error *error)
{
	char batches[4096];

	if (join(command, batches, sizeof(batches), error) != PEN_OK)
		return error->status;
	return pen_discard(command->session, batches, command->dry_run, command->printer, error);
}

static enum pen_status release(struct command *command, struct pen_error *error)
{
	char folios[4096];

	if (join(command, folios, sizeof(folios), error) != PEN_OK)
		return error->status;
	return pen_release(command->session, folios, given.reason, command->dry_run, command->printer, error);
}

static const struct option_row release_rows[] = {
	{ 0, "reason", OPTION_TEXT, &given.reason, "TEXT", N_("what a review found, and why it is right"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status reject(struct command *command, struct pen_error *error)
{
	char folios[4096];

	if (join(command, folios, sizeof(folios), error) != PEN_OK)
		return error->status;
	return pen_release_reject(command->session, folios, given.reason, command->dry_run, command->printer, error);
}

static const struct option_row reject_rows[] = {
	{ 0, "reason", OPTION_TEXT, &given.reason, "TEXT", N_("why the folio is turned down"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

/* ---- look ---- */

static enum pen_status list(struct command *command, struct pen_error *error)
{
	return pen_batches_list(command->session, command->printer, error);
}

static enum pen_status held(struct command *command, struct pen_error *error)
{
	return pen_held_list(command->session, command->printer, error);
}

static enum pen_status show(struct command *command, struct pen_error *error)
{
	enum pen_show what = given.show_rows ? PEN_SHOW_ROWS : given.show_rejects ? PEN_SHOW_REJECTS :
	    given.show_repairs ? PEN_SHOW_REPAIRS : PEN_SHOW_FOLIOS;
	char batches[4096];

	if (given.show_rows + given.show_rejects + given.show_repairs > 1)
		return wrong_usage(error, _("--rows, --rejected and --repairs are shown one at a time"));
	if (join(command, batches, sizeof(batches), error) != PEN_OK)
		return error->status;
	return pen_batches_show(command->session, batches, what, command->printer, error);
}

static const struct option_row show_rows[] = {
	{ 0, "rejected", OPTION_FLAG, &given.show_rejects, NULL, N_("the rejected lines that are open"), NULL },
	{ 0, "repairs", OPTION_FLAG, &given.show_repairs, NULL, N_("what was mended on the way in, with the old values"), NULL },
	{ 0, "rows", OPTION_FLAG, &given.show_rows, NULL, N_("its rows, to be compared, instead of its folios"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status forms(struct command *command, struct pen_error *error)
{
	return pen_forms_list(command->printer, error);
}

static enum pen_status schema(struct command *command, struct pen_error *error)
{
	return pen_forms_schema(command->argv[0], command->printer, error);
}

enum { CHANGES = VERB_SESSION | VERB_DRY_RUN };

static const struct verb verbs[] = {
	{ NULL, "FORM FILE...", N_("stage files, each as a batch, and print the receipt"), CHANGES, 2, -1, stage_rows, stage },
	{ "confirm", "BATCH...", N_("admit staged batches, compared by a person or by totals"), CHANGES, 1, -1, confirm_rows, confirm },
	{ "discard", "BATCH...", N_("take out again what was never confirmed"), CHANGES, 1, -1, NULL, discard },
	{ "release", "FOLIO...", N_("look at held folios again: admit what is covered, or reviewed and right"), CHANGES, 1, -1, release_rows, release },
	{ "reject", "FOLIO...", N_("turn held folios down for a reason"), CHANGES, 1, -1, reject_rows, reject },
	{ "list", "", N_("every batch, and what of it waits"), VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, NULL, list },
	{ "held", "", N_("everything that waits, of all batches, and for how long"), VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, NULL, held },
	{ "show", "BATCH...", N_("a batch's receipt, and its folios or rows"), VERB_SESSION | VERB_STAFF_OPTIONAL, 1, -1, show_rows, show },
	{ "forms", "", N_("the forms that can be brought in"), 0, 0, 0, NULL, forms },
	{ "schema", "FORM", N_("a form's Table Schema"), 0, 1, 1, NULL, schema },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-import", N_("bring files in"), verbs };

	return command_main(&tool, argc, argv);
}
