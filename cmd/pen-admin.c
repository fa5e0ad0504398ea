/* pen-admin: sets a store up, its staff, its terminals, its parameters; suspends it. */
#include "command.h"
#include "option.h"
#include "passphrase.h"

#include <string.h>

static struct {
	const char *agency, *name, *head, *suite, *public_key, *keys, *role, *reason, *as_of;
	int32_t live_on;
	bool encrypt;
} given;

/* ---- init ---- */

/* "head1:王敏" to id and name. */
static enum pen_status split_head(char *id, size_t room, const char **name, struct pen_error *error)
{
	const char *colon = given.head ? strchr(given.head, ':') : NULL;

	if (!colon || colon == given.head || !colon[1] || (size_t)(colon - given.head) >= room)
		return wrong_usage(error, _("--head \"%s\" cannot be: expected ID:NAME, such as head1:王敏"),
		    given.head ? given.head : "");
	snprintf(id, room, "%.*s", (int)(colon - given.head), given.head);
	*name = colon + 1;
	return PEN_OK;
}

static enum pen_status init(struct command *command, struct pen_error *error)
{
	struct pen_init_options options = {
		.store = command->store, .agency = given.agency, .name = given.name, .suite = given.suite,
		.live_on = given.live_on, .public_key = given.public_key, .keys = given.keys,
		.dry_run = command->dry_run
	};
	char id[64];

	if (!command->store)
		return wrong_usage(error, _("say where the store is to be: PEN_STORE or --store"));
	if (!given.agency || !given.name || !given.head)
		return wrong_usage(error, _("a store needs --agency, --name and --head"));
	if (split_head(id, sizeof(id), &options.head_name, error) != PEN_OK)
		return error->status;
	options.head_id = id;
	if (given.encrypt)
		options.passphrase = passphrase_choose;
	return pen_init(&options, command->printer, error);
}

static const struct option_row init_rows[] = {
	{ 0, "agency", OPTION_TEXT, &given.agency, "CODE", N_("the agency, six digits of GB/T 2260"), NULL },
	{ 0, "name", OPTION_TEXT, &given.name, "NAME", N_("its name"), NULL },
	{ 0, "head", OPTION_TEXT, &given.head, "ID:NAME", N_("the head of the agency, first of its staff"), NULL },
	{ 0, "suite", OPTION_TEXT, &given.suite, "SUITE", N_("sm2-sm3 (the default) or ed25519-sha256"), NULL },
	{ 0, "live-on", OPTION_DATE, &given.live_on, "DATE", N_("the day on which the system went live (else today)"), NULL },
	{ 0, "public-key", OPTION_TEXT, &given.public_key, "FILE", N_("the head's public key; without it a pair is made"), NULL },
	{ 0, "keys", OPTION_TEXT, &given.keys, "DIR", N_("where keys are put (else where --key looks)"), NULL },
	{ 0, "encrypt", OPTION_FLAG, &given.encrypt, NULL, N_("private keys are under a passphrase, the new ones too"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

/* ---- staff ---- */

static enum pen_status staff_add(struct command *command, struct pen_error *error)
{
	struct pen_staffing_options options = {
		.id = command->argv[0], .name = given.name, .role = given.role, .agency = given.agency,
		.public_key = given.public_key, .keys = given.keys,
		.passphrase = given.encrypt ? passphrase_choose : NULL, .dry_run = command->dry_run
	};

	if (!given.role)
		return wrong_usage(error, _("say which role, with --role: operator, lead, head, syslead, amender, dba, netadmin or auditor"));
	return pen_staffing_add(command->session, &options, command->printer, error);
}

static const struct option_row staff_add_rows[] = {
	{ 0, "name", OPTION_TEXT, &given.name, "NAME", N_("the person's name"), NULL },
	{ 0, "role", OPTION_TEXT, &given.role, "ROLE", N_("operator, lead, head, syslead, amender, dba, netadmin or auditor"), NULL },
	{ 0, "agency", OPTION_TEXT, &given.agency, "CODE", N_("the person's agency: the store's own, or a county of it"), NULL },
	{ 0, "public-key", OPTION_TEXT, &given.public_key, "FILE", N_("the person's public key; without it a pair is made, for trying out"), NULL },
	{ 0, "keys", OPTION_TEXT, &given.keys, "DIR", N_("where the pair is put (else where --key looks)"), NULL },
	{ 0, "encrypt", OPTION_FLAG, &given.encrypt, NULL, N_("put the new private key under a passphrase"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status staff_revoke(struct command *command, struct pen_error *error)
{
	return pen_staffing_revoke(command->session, command->argv[0], given.role, command->dry_run, command->printer, error);
}

static const struct option_row staff_revoke_rows[] = {
	{ 0, "role", OPTION_TEXT, &given.role, "ROLE", N_("that role alone, else all of them"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status staff_list(struct command *command, struct pen_error *error)
{
	return pen_staffing_list(command->session, command->printer, error);
}

/* ---- terminals ---- */

static enum pen_status terminal_add(struct command *command, struct pen_error *error)
{
	const struct pen_terminals_options options = {
		.id = command->argc ? command->argv[0] : NULL, .name = given.name, .agency = given.agency,
		.dry_run = command->dry_run
	};

	return pen_terminals_add(command->session, &options, command->printer, error);
}

static const struct option_row terminal_add_rows[] = {
	{ 0, "name", OPTION_TEXT, &given.name, "PLACE", N_("where the computer stands"), NULL },
	{ 0, "agency", OPTION_TEXT, &given.agency, "CODE", N_("a county, whose staff alone it serves (else everybody)"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status terminal_id(struct command *command, struct pen_error *error)
{
	return pen_terminals_here(command->store, given.suite, command->printer, error);
}

static const struct option_row terminal_id_rows[] = {
	{ 0, "suite", OPTION_TEXT, &given.suite, "SUITE", N_("where the store is not at hand: its suite (else sm2-sm3)"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status terminal_list(struct command *command, struct pen_error *error)
{
	return pen_terminals_list(command->session, command->printer, error);
}

static enum pen_status terminal_remove(struct command *command, struct pen_error *error)
{
	return pen_terminals_remove(command->session, command->argv[0], command->dry_run, command->printer, error);
}

/* ---- suspension ---- */

static enum pen_status suspend(struct command *command, struct pen_error *error)
{
	return pen_suspend(command->session, given.reason, command->dry_run, command->printer, error);
}

static const struct option_row suspend_rows[] = {
	{ 0, "reason", OPTION_TEXT, &given.reason, "TEXT", N_("why access is cut off"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status resume(struct command *command, struct pen_error *error)
{
	return pen_resume(command->session, command->dry_run, command->printer, error);
}

/* ---- parameters, status ---- */

static enum pen_status param_load(struct command *command, struct pen_error *error)
{
	return pen_parameters_load(command->session, command->argv[0], command->dry_run, command->printer, error);
}

static enum pen_status param_list(struct command *command, struct pen_error *error)
{
	return pen_parameters_list(command->session, command->argc ? command->argv[0] : NULL, given.as_of, command->printer, error);
}

static const struct option_row param_list_rows[] = {
	{ 0, "as-of", OPTION_TEXT, &given.as_of, "INDEX|DATE", N_("as it stood then: a journal index, or a date"), NULL },
	{ 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }
};

static enum pen_status status(struct command *command, struct pen_error *error)
{
	return pen_status_show(command->session, command->printer, error);
}

#define READS (VERB_SESSION | VERB_STAFF_OPTIONAL)
#define WRITES (VERB_SESSION | VERB_DRY_RUN)

static const struct verb verbs[] = {
	{ "init", "", N_("make a store, its log key, and its head"), VERB_DRY_RUN, 0, 0, init_rows, init },
	{ "staff add", "ID", N_("grant a role, and enter the person if new"), WRITES, 1, 1, staff_add_rows, staff_add },
	{ "staff list", "", N_("who holds which role, and since when"), READS, 0, 0, NULL, staff_list },
	{ "staff revoke", "ID", N_("take a role away from now on"), WRITES, 1, 1, staff_revoke_rows, staff_revoke },
	{ "terminal add", "[ID]", N_("register a computer, this one unless another is named"), WRITES | VERB_WHILE_SUSPENDED | VERB_ANYWHERE, 0, 1, terminal_add_rows, terminal_add },
	{ "terminal id", "", N_("this computer's id, by which it is registered"), 0, 0, 0, terminal_id_rows, terminal_id },
	{ "terminal list", "", N_("which computers may be used, and where they stand"), READS, 0, 0, NULL, terminal_list },
	{ "terminal remove", "ID", N_("take a computer away from now on"), WRITES, 1, 1, NULL, terminal_remove },
	{ "param load", "FILE", N_("put a parameter table in force"), WRITES, 1, 1, NULL, param_load },
	{ "param list", "[TABLE]", N_("the tables in force, or the rows of one"), READS, 0, 1, param_list_rows, param_list },
	{ "status", "", N_("what the store is, holds, and waits for"), READS | VERB_WHILE_SUSPENDED, 0, 0, NULL, status },
	{ "suspend", "", N_("cut access off"), WRITES | VERB_WHILE_SUSPENDED, 0, 0, suspend_rows, suspend },
	{ "resume", "", N_("give access again"), WRITES | VERB_WHILE_SUSPENDED, 0, 0, NULL, resume },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-admin", N_("set up a store"), verbs };

	return command_main(&tool, argc, argv);
}
