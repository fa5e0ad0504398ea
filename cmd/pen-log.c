/* pen-log: the running logs that the regulation asks for. */
#include "command.h"
#include "option.h"

static struct pen_logging_options given;
static struct { const char *kind, *as_of; int32_t since; } asked;

static enum pen_status network(struct command *command, struct pen_error *error)
{
	given.dry_run = command->dry_run;
	return pen_logging_network(command->session, &given, command->printer, error);
}

static enum pen_status inspect(struct command *command, struct pen_error *error)
{
	return pen_inspection_run(command->session, given.note, command->dry_run, command->printer, error);
}

static enum pen_status incident(struct command *command, struct pen_error *error)
{
	given.dry_run = command->dry_run;
	return pen_logging_incident(command->session, &given, command->printer, error);
}

static enum pen_status breach(struct command *command, struct pen_error *error)
{
	given.dry_run = command->dry_run;
	return pen_logging_breach(command->session, &given, command->printer, error);
}

static enum pen_status list(struct command *command, struct pen_error *error)
{
	const struct pen_logbook_options options = {
		.kind = asked.kind, .since = asked.since, .until = given.until, .as_of = asked.as_of
	};

	return pen_logbook_list(command->session, &options, command->printer, error);
}

#define ON { 0, "on", OPTION_DATE, &given.on, "DATE", N_("the day that it is about (else today)"), NULL }
#define CORRECTS { 0, "corrects", OPTION_COUNT, &given.corrects, "N", N_("the entry in whose place it stands"), NULL }
#define NOTE { 0, "note", OPTION_TEXT, &given.note, "TEXT", N_("anything else"), NULL }
#define DOCUMENT { 0, "document", OPTION_TEXT, &given.document, "FILE", N_("a paper, kept in the store"), NULL }
#define END { 0, NULL, OPTION_FLAG, NULL, NULL, NULL, NULL }

static const struct option_row network_rows[] = {
	ON,
	{ 0, "ports", OPTION_TEXT, &given.ports, "TEXT", N_("the state of each port"), NULL },
	{ 0, "servers", OPTION_TEXT, &given.servers, "TEXT", N_("of the servers"), NULL },
	{ 0, "equipment", OPTION_TEXT, &given.equipment, "TEXT", N_("of the communication equipment"), NULL },
	{ 0, "faults", OPTION_TEXT, &given.faults, "TEXT", N_("faults, and how they were handled; none is said too"), NULL },
	{ 0, "from", OPTION_TEXT, &given.from, "FILE", N_("many days at once, a line each (form network-log)"), NULL },
	CORRECTS, NOTE, DOCUMENT, END
};

static const struct option_row inspect_rows[] = { NOTE, END };

static const struct option_row incident_rows[] = {
	ON,
	{ 0, "found", OPTION_TEXT, &given.found, "TEXT", N_("the danger or the virus"), NULL },
	{ 0, "measures", OPTION_TEXT, &given.measures, "TEXT", N_("what was done against it"), NULL },
	{ 0, "cut-off", OPTION_FLAG, &given.cut_off, NULL, N_("users' access was cut"), NULL },
	{ 0, "reported-to", OPTION_TEXT, &given.reported_to, "TEXT", N_("whom it was reported to"), NULL },
	{ 0, "cleared", OPTION_TEXT, &given.cleared, "TEXT", N_("how it was removed, and access restored"), NULL },
	{ 0, "follows", OPTION_COUNT, &given.follows, "N", N_("the incident that it goes on with"), NULL },
	CORRECTS, NOTE, DOCUMENT, END
};

static const struct option_row breach_rows[] = {
	ON,
	{ 0, "until", OPTION_DATE, &given.until, "DATE", N_("the last day, of one that went on"), NULL },
	{ 0, "unit", OPTION_TEXT, &given.unit, "NAME", N_("the unit whose points it costs"), NULL },
	{ 0, "points", OPTION_COUNT, &given.points, "N", N_("how many, 1 to 5"), NULL },
	{ 0, "clause", OPTION_TEXT, &given.clause, "CLAUSE", N_("the clause that was broken, such as R7.2"), NULL },
	{ 0, "found", OPTION_TEXT, &given.found, "TEXT", N_("what was done, or left undone"), NULL },
	CORRECTS, NOTE, DOCUMENT, END
};

static const struct option_row list_rows[] = {
	{ 0, "kind", OPTION_TEXT, &asked.kind, "KIND", N_("network, inspect, incident or breach (else all of them)"), NULL },
	{ 0, "since", OPTION_DATE, &asked.since, "DATE", N_("of this day and later"), NULL },
	{ 0, "until", OPTION_DATE, &given.until, "DATE", N_("of this day and before"), NULL },
	{ 0, "as-of", OPTION_TEXT, &asked.as_of, "INDEX|DATE", N_("as it stood then: a journal index, or a date"), NULL },
	END
};

#define WRITES (VERB_SESSION | VERB_DRY_RUN)

static const struct verb verbs[] = {
	{ "network", "", N_("网络运行日志: the state of the network on a day (R6.1)"), WRITES, 0, 0, network_rows, network },
	{ "inspect", "", N_("数据库运行日志: check the database, and enter what is found (R7.1)"), WRITES, 0, 0, inspect_rows, inspect },
	{ "incident", "", N_("a danger or a virus, and what was done against it (R7.3)"), WRITES | VERB_WHILE_SUSPENDED, 0, 0, incident_rows, incident },
	{ "breach", "", N_("a breach of the regulation, and the points that it costs (R8.3)"), WRITES, 0, 0, breach_rows, breach },
	{ "list", "", N_("the entries, by day, with who signed them and when"), VERB_SESSION | VERB_STAFF_OPTIONAL, 0, 0, list_rows, list },
	{ NULL, NULL, NULL, 0, 0, 0, NULL, NULL }
};

int main(int argc, char **argv)
{
	static const struct tool tool = { "pen-log", N_("keep the running logs"), verbs };

	return command_main(&tool, argc, argv);
}
