/* pen-verify: reads all that is stored again, and tells what does not hold. */
#include "command.h"
#include "option.h"

static struct { const char *since, *batches, *rule; } given;

static enum pen_status verify(struct command *command, unsigned parts, struct pen_error *error)
{
	const struct pen_verify_options options = {
		.parts = parts, .since = given.since, .batches = given.batches, .rule = given.rule
	};

	return pen_verify(command->session, &options, command->printer, error);
}

static enum pen_status everything(struct command *command, struct pen_error *error)
{
	return verify(command, PEN_VERIFY_ALL, error);
}

static enum pen_status rules(struct command *command, struct pen_error *error)
{
	return verify(command, PEN_VERIFY_RULES, error);
}

static enum pen_status seals(struct command *command, struct pen_error *error)
{
	return verify(command, PEN_VERIFY_SEALS, error);
}

static enum pen_status journal(struct command *command, struct pen_error *error)
{
	return verify(command, PEN_VERIFY_JOURNAL, error);
}

static enum pen_status replay(struct command *command, struct pen_error *error)
{
	return verify(command, PEN_VERIFY_REPLAY, error);
}

static enum pen_status catalogue(struct command *command, struct pen_error *error)
{
	return pen_verify_catalogue(command->printer, error);
}

#define SINCE { 0, "since", OPTION_TEXT, &given.since, "FILE", N_("a checkpoint kept outside, to compare the journal with"), NULL }
#define BATCH { 0, "batch", OPTION_TEXT, &given.batches, "BATCHES", N_("these batches alone, such as 1-3,5"), NULL }
#define RULE { 0, "rule", OPTION_TEXT, &given.rule, "ID", N_("findings of this rule alone"), NULL }
#define END { 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }

static const struct option_row all_rows[] = { SINCE, BATCH, RULE, END };
static const struct option_row batch_rows[] = { BATCH, RULE, END };
static const struct option_row journal_rows[] = { SINCE, RULE, END };

#define READS (VERB_SESSION | VERB_STAFF_OPTIONAL)

static const struct verb verbs[] = {
	{ NULL, "", N_("everything: journal, seals and rules"), READS, 0, 0, all_rows, everything },
	{ "rules", "", N_("the rules over rows and records"), READS, 0, 0, batch_rows, rules },
	{ "seals", "", N_("seals, signatures, sealed rows and kept files"), READS, 0, 0, batch_rows, seals },
	{ "journal", "", N_("the journal, its signatures and its tree"), READS, 0, 0, journal_rows, journal },
	{ "replay", "", N_("rows and settlements, made again from what the store kept"), READS, 0, 0, batch_rows, replay },
	{ "catalogue", "", N_("every rule, what it looks at, and what to do"), 0, 0, 0, NULL, catalogue },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-verify", N_("find what does not hold"), verbs };

	return command_main(&tool, argc, argv);
}
