/* pen-verify: reads all that is stored again, and tells what does not hold. */
#include "command.h"
#include "option.h"

static struct { const char *since, *batches, *rule, *classes, *employer, *person, *keys; } given;

static enum pen_status verify(struct command *command, unsigned parts, struct pen_error *error)
{
	const struct pen_verify_options options = {
		.parts = parts, .since = given.since, .batches = given.batches, .rule = given.rule,
		.classes = given.classes, .employer = given.employer, .person = given.person
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

static enum pen_status proof(struct command *command, struct pen_error *error)
{
	if (given.keys == NULL)
		return wrong_usage(error, _("say where the public keys are that you trust, with --keys DIR"));
	return pen_verify_proof(command->argv[0], given.keys, command->printer, error);
}

static enum pen_status replay(struct command *command, struct pen_error *error)
{
	return verify(command, PEN_VERIFY_REPLAY, error);
}

static enum pen_status catalogue(struct command *command, struct pen_error *error)
{
	return pen_catalogue(command->store, command->printer, error);
}

#define SINCE { 0, "since", OPTION_TEXT, &given.since, "SINCE", N_("list what was entered since: a journal index, a day, or a checkpoint's file, compared too"), NULL }
#define BATCH { 0, "batch", OPTION_TEXT, &given.batches, "BATCHES", N_("these batches alone, such as 1-3,5"), NULL }
#define RULE { 0, "rule", OPTION_TEXT, &given.rule, "IDS", N_("findings of these rules alone, with commas between"), NULL }
#define CLASS { 0, "class", OPTION_TEXT, &given.classes, "CLASSES", N_("rules of these classes alone, such as logic,workflow"), NULL }
#define EMPLOYER { 0, "employer", OPTION_TEXT, &given.employer, "CODE", N_("what is entered of this employer alone"), NULL }
#define PERSON { 0, "person", OPTION_TEXT, &given.person, "ID", N_("what is entered of this person alone"), NULL }
#define END { 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }

static const struct option_row all_rows[] = { SINCE, BATCH, RULE, CLASS, EMPLOYER, PERSON, END };
static const struct option_row batch_rows[] = { SINCE, BATCH, RULE, CLASS, EMPLOYER, PERSON, END };
static const struct option_row seal_rows[] = { SINCE, BATCH, RULE, EMPLOYER, PERSON, END };
static const struct option_row journal_rows[] = { SINCE, RULE, END };

static const struct option_row proof_rows[] = {
	{ 0, "keys", OPTION_TEXT, &given.keys, "DIR", N_("the public keys that are trusted (ID.pub, log-AGENCY.pub)"), NULL },
	END
};

#define READS (VERB_SESSION | VERB_STAFF_OPTIONAL | VERB_WHILE_SUSPENDED)

static const struct verb verbs[] = {
	{ NULL, "", N_("everything: journal, seals and rules"), READS, 0, 0, all_rows, everything },
	{ "rules", "", N_("the rules over rows and records"), READS, 0, 0, batch_rows, rules },
	{ "seals", "", N_("seals, signatures, sealed rows and kept files"), READS, 0, 0, seal_rows, seals },
	{ "journal", "", N_("the journal, its signatures and its tree"), READS, 0, 0, journal_rows, journal },
	{ "proof", "FILE", N_("a proof of single rows, without a store"), 0, 1, 1, proof_rows, proof },
	{ "replay", "", N_("rows and settlements, made again from what the store kept"), READS, 0, 0, seal_rows, replay },
	{ "catalogue", "", N_("every rule, what it looks at, and what to do"), 0, 0, 0, NULL, catalogue },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-verify", N_("find what does not hold"), verbs };

	return command_main(&tool, argc, argv);
}
