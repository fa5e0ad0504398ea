/* pen-backup: copies of the store that are proven, and what they give back. */
#include "command.h"
#include "option.h"

#define FIVE_DAYS (5 * 86400)	/* R7.2 */

static struct {
	const char *repository, *reason, *checkpoint, *recipient, *identity;
	bool verify, replace, daily, weekly, monthly;
	int64_t max_age, keep_daily, keep_weekly, keep_monthly;
} given = { .max_age = FIVE_DAYS };

static enum pen_status need_repository(struct pen_error *error)
{
	if (given.repository)
		return PEN_OK;
	return wrong_usage(error, _("say which repository: --to DIR"));
}

static enum pen_status create(struct command *command, struct pen_error *error)
{
	char snapshot[PEN_SNAPSHOT_ROOM];
	enum pen_status status = need_repository(error);

	if (status == PEN_OK)
		status = pen_backup_create(command->session, given.repository, given.recipient, snapshot, command->printer, error);
	if (status == PEN_OK && given.verify)
		status = pen_restore_verify(given.repository, snapshot, given.identity, &command->options, command->printer, error);
	return status;
}

static enum pen_status list(struct command *command, struct pen_error *error)
{
	return need_repository(error) == PEN_OK ? pen_backup_list(given.repository, command->printer, error) : error->status;
}

static enum pen_status verify(struct command *command, struct pen_error *error)
{
	if (need_repository(error) != PEN_OK)
		return error->status;
	return pen_restore_verify(given.repository, command->argc ? command->argv[0] : NULL, given.identity,
	    &command->options, command->printer, error);
}

static enum pen_status restore(struct command *command, struct pen_error *error)
{
	const struct pen_restore_options options = { .replace = given.replace, .identity = given.identity, .session = command->options };

	if (need_repository(error) != PEN_OK)
		return error->status;
	return pen_restore(given.repository, command->argv[0], command->argv[1], &options, command->printer, error);
}

static enum pen_status prune(struct command *command, struct pen_error *error)
{
	const struct pen_prune_options options = {
		.daily = given.keep_daily, .weekly = given.keep_weekly, .monthly = given.keep_monthly,
		.dry_run = command->dry_run, .session = command->options
	};

	if (need_repository(error) != PEN_OK)
		return error->status;
	if (!given.daily && !given.weekly && !given.monthly)
		return wrong_usage(error, _("say how many to keep, such as --keep-daily 7 --keep-weekly 5 --keep-monthly 12"));
	return pen_prune(given.repository, &options, command->printer, error);
}

static enum pen_status adopt(struct command *command, struct pen_error *error)
{
	const struct pen_adopt_options options = {
		.reason = given.reason, .checkpoint = given.checkpoint, .dry_run = command->dry_run
	};

	return pen_adopt(command->session, &options, command->printer, error);
}

static enum pen_status check(struct command *command, struct pen_error *error)
{
	if (need_repository(error) != PEN_OK)
		return error->status;
	return pen_backup_check(given.repository, given.max_age, command->printer, error);
}

#define TO { 0, "to", OPTION_TEXT, &given.repository, "DIR", N_("the repository"), NULL }
#define IDENTITY { 0, "identity", OPTION_TEXT, &given.identity, "KEY", N_("the private key to what is encrypted, PEM"), NULL }
#define END { 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }

static const struct option_row to_rows[] = { TO, END };
static const struct option_row create_rows[] = {
	TO,
	{ 0, "verify", OPTION_FLAG, &given.verify, NULL, N_("then try the backup out, as verify does"), NULL },
	{ 0, "recipient", OPTION_TEXT, &given.recipient, "CERT", N_("encrypt to this certificate (PEM; RSA or P-256)"), NULL },
	IDENTITY,
	END
};
static const struct option_row verify_rows[] = { TO, IDENTITY, END };
static const struct option_row restore_rows[] = {
	{ 0, "from", OPTION_TEXT, &given.repository, "DIR", N_("the repository"), NULL },
	TO,
	{ 0, "replace", OPTION_FLAG, &given.replace, NULL, N_("in the place of a store, which is kept beside"), NULL },
	IDENTITY,
	END
};
static const struct option_row prune_rows[] = {
	TO,
	{ 0, "keep-daily", OPTION_COUNT, &given.keep_daily, "N", N_("the newest of each of the last N days that have one"), &given.daily },
	{ 0, "keep-weekly", OPTION_COUNT, &given.keep_weekly, "N", N_("and of the last N weeks"), &given.weekly },
	{ 0, "keep-monthly", OPTION_COUNT, &given.keep_monthly, "N", N_("and of the last N months"), &given.monthly },
	END
};
static const struct option_row adopt_rows[] = {
	{ 0, "reason", OPTION_TEXT, &given.reason, "TEXT", N_("why (the second to sign need not say it)"), NULL },
	{ 0, "checkpoint", OPTION_TEXT, &given.checkpoint, "FILE", N_("the newest checkpoint that was kept of the store that is lost"), NULL },
	END
};
static const struct option_row check_rows[] = {
	TO,
	{ 0, "max-age", OPTION_AGE, &given.max_age, "AGE", N_("how old the newest may be, such as 36h (else 5d, R7.2)"), NULL },
	END
};

static const struct verb verbs[] = {
	{ "create", "", N_("copy the store to a repository"), VERB_SESSION | VERB_WHILE_SUSPENDED, 0, 0, create_rows, create },
	{ "list", "", N_("the snapshots of a repository"), 0, 0, 0, to_rows, list },
	{ "verify", "[SNAPSHOT]", N_("restore to scratch and compare: the newest, the one named, or all"), 0, 0, 1, verify_rows, verify },
	{ "restore", "SNAPSHOT TARGET", N_("a snapshot (or latest) to a directory that is not there yet"), 0, 2, 2, restore_rows, restore },
	{ "prune", "", N_("remove snapshots that are not to be kept, but never the last good one"), VERB_DRY_RUN, 0, 0, prune_rows, prune },
	{ "adopt", "", N_("put a restored store into service, signed by two"),
	    VERB_SESSION | VERB_DRY_RUN | VERB_WHILE_SUSPENDED | VERB_ANYWHERE | VERB_RESTORED, 0, 0, adopt_rows, adopt },
	{ "check", "", N_("for monitoring: how old the newest is, in one line"), 0, 0, 0, check_rows, check },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-backup", N_("keep backups, and get them back"), verbs };

	return command_main(&tool, argc, argv);
}
