/* pen-seal: employers' answers, signatures, seals, checkpoints. */
#include "command.h"
#include "option.h"

static struct {
	const char *from, *document, *employer, *answer, *log_key, *to, *person, *checkpoint;
	int64_t folio, line;
	int32_t year;
} given;

/* Operands that stand apart name one list: "1-3 5" is "1-3,5". */
static enum pen_status join(struct command *command, char *out, size_t room, struct pen_error *error)
{
	size_t n = 0;
	int i;

	for (i = 0; i < command->argc && n < room; i++)
		n += (size_t)snprintf(out + n, room - n, "%s%s", i ? "," : "", command->argv[i]);
	return n < room ? PEN_OK : wrong_usage(error, _("too many batches at once; name a range, such as 1-40"));
}

static enum pen_status acknowledge(struct command *command, struct pen_error *error)
{
	const struct pen_acknowledge_options options = {
		.batch = command->argv[0], .from = given.from, .employer = given.employer,
		.answer = given.answer, .document = given.document, .dry_run = command->dry_run
	};

	return pen_acknowledge(command->session, &options, command->printer, error);
}

static const struct option_row acknowledge_rows[] = {
	{ 0, "from", OPTION_TEXT, &given.from, "FILE", N_("the answers, a line for each employer (form answers)"), NULL },
	{ 0, "employer", OPTION_TEXT, &given.employer, "CODE", N_("one employer, by its credit code"), NULL },
	{ 0, "answer", OPTION_TEXT, &given.answer, "ANSWER", N_("its answer: agreed or objected"), NULL },
	{ 0, "document", OPTION_TEXT, &given.document, "FILE", N_("the paper that says so, kept in the store"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status sign(struct command *command, struct pen_error *error)
{
	char batches[1024];

	if (join(command, batches, sizeof(batches), error) != PEN_OK)
		return error->status;
	return pen_sign(command->session, batches, command->dry_run, command->printer, error);
}

static enum pen_status close_seals(struct command *command, struct pen_error *error)
{
	char batches[1024];

	if (join(command, batches, sizeof(batches), error) != PEN_OK)
		return error->status;
	return pen_close(command->session, batches, command->dry_run, command->printer, error);
}

static enum pen_status list(struct command *command, struct pen_error *error)
{
	return pen_seal_list(command->session, command->printer, error);
}

static enum pen_status show(struct command *command, struct pen_error *error)
{
	char batches[1024];

	if (join(command, batches, sizeof(batches), error) != PEN_OK)
		return error->status;
	return pen_seal_show(command->session, batches, command->printer, error);
}

static enum pen_status checkpoint(struct command *command, struct pen_error *error)
{
	return pen_checkpoint(command->session, given.log_key, command->printer, error);
}

static const struct option_row checkpoint_rows[] = {
	{ 0, "log-key", OPTION_TEXT, &given.log_key, "FILE", N_("the store's log key (else log-AGENCY.pem among the keys)"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status cosign(struct command *command, struct pen_error *error)
{
	return pen_cosign(command->session, command->argv[0], command->printer, error);
}

static enum pen_status export(struct command *command, struct pen_error *error)
{
	char batches[1024];

	if (given.to == NULL)
		return wrong_usage(error, _("say where the files are to go, with --to DIR"));
	if (join(command, batches, sizeof(batches), error) != PEN_OK)
		return error->status;
	return pen_export(command->session, batches, given.to, command->printer, error);
}

static const struct option_row export_rows[] = {
	{ 0, "to", OPTION_TEXT, &given.to, "DIR", N_("the directory for the files"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status prove(struct command *command, struct pen_error *error)
{
	const struct pen_prove_options options = {
		.person = given.person, .employer = given.employer, .year = given.year, .folio = given.folio,
		.line = given.line, .checkpoint = given.checkpoint, .log_key = given.log_key
	};

	return pen_prove(command->session, &options, command->printer, error);
}

static const struct option_row prove_rows[] = {
	{ 0, "person", OPTION_TEXT, &given.person, "ID", N_("whose rows, by citizen id"), NULL },
	{ 0, "year", OPTION_YEAR, &given.year, "YYYY", N_("the contributions of this year"), NULL },
	{ 0, "employer", OPTION_TEXT, &given.employer, "CODE", N_("at this employer alone; or whose rows, of a folio of employers"), NULL },
	{ 0, "folio", OPTION_COUNT, &given.folio, "N", N_("the rows in this folio"), NULL },
	{ 0, "line", OPTION_COUNT, &given.line, "N", N_("that came from this line alone"), NULL },
	{ 0, "checkpoint", OPTION_TEXT, &given.checkpoint, "FILE", N_("a checkpoint that was kept, to end the proof in (else one is made)"), NULL },
	{ 0, "log-key", OPTION_TEXT, &given.log_key, "FILE", N_("the store's log key (else log-AGENCY.pem among the keys)"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static const struct verb verbs[] = {
	{ "acknowledge", "BATCH", N_("enter what employers answered, and on what paper"), VERB_SESSION | VERB_DRY_RUN, 1, 1, acknowledge_rows, acknowledge },
	{ "sign", "BATCH...", N_("sign every folio that is ready"), VERB_SESSION | VERB_DRY_RUN, 1, -1, NULL, sign },
	{ "close", "BATCH...", N_("seal what is fully signed"), VERB_SESSION | VERB_DRY_RUN, 1, -1, NULL, close_seals },
	{ "list", "", N_("all seals"), VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, NULL, list },
	{ "show", "BATCH...", N_("folios, and the seals that they are in"), VERB_SESSION | VERB_STAFF_OPTIONAL, 1, -1, NULL, show },
	{ "checkpoint", "", N_("print a signed checkpoint of the journal"), VERB_SESSION, 0, 0, checkpoint_rows, checkpoint },
	{ "cosign", "FILE", N_("put one's name under a checkpoint, and print it"), VERB_SESSION, 1, 1, NULL, cosign },
	{ "export", "BATCH...", N_("write seals, signatures, keys and leaves for a stranger"), VERB_SESSION | VERB_STAFF_OPTIONAL, 1, -1, export_rows, export },
	{ "prove", "", N_("write the proof of somebody's rows, for whoever has no store"), VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, prove_rows, prove },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-seal", N_("sign and seal what was confirmed"), verbs };

	return command_main(&tool, argc, argv);
}
