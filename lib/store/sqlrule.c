#include "store/sqlrule.h"

#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "model/maker.h"
#include "store/calendar.h"
#include "store/settings.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#define RULES_MOST 256
#define FILE_LIMIT ((size_t)1 << 20)
#define ID_ROOM 64

struct pen_sqlrules {
	struct pen_arena *arena;	/* all the strings */
	size_t count;
	struct pen_sqlrule rule[RULES_MOST];
};

/* ------------------------------------------------------------- the head -- */

/* The value of "-- key: value" to the end of its line, in the arena; "" if the
 * file has no such line. NULL: no memory. */
static const char *head_line(struct pen_arena *arena, const char *sql, const char *key)
{
	size_t n = strlen(key);
	const char *line;

	for (line = sql; strncmp(line, "--", 2) == 0; line += strcspn(line, "\n"), line += *line == '\n') {
		if (strncmp(line, "-- ", 3) == 0 && strncmp(line + 3, key, n) == 0 && line[3 + n] == ':') {
			const char *value = line + 3 + n + 1;
			size_t length = strcspn(value, "\r\n");

			pen_text__trim(&value, &length);
			return pen_memory__copy(arena, value, length);
		}
	}
	return pen_memory__copy(arena, "", 0);
}

static bool read_class(const char *name, enum pen_rule_class *class)
{
	int i;

	for (i = PEN_CORRECTNESS; i <= PEN_WORKFLOW; i++)
		if (strcmp(name, pen_rule__class_name((enum pen_rule_class)i)) == 0) {
			*class = (enum pen_rule_class)i;
			return true;
		}
	return false;
}

static bool read_severity(const char *name, enum pen_severity *severity)
{
	int i;

	for (i = PEN_NOTE; i <= PEN_ERROR; i++)
		if (strcmp(name, pen_rule__severity_name((enum pen_severity)i)) == 0) {
			*severity = (enum pen_severity)i;
			return true;
		}
	return false;
}

static bool is_id(const char *id)
{
	size_t n = strlen(id);

	return n > 0 && n < ID_ROOM && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789.-") == n;
}

static enum pen_status bad_head(const char *path, const char *key, const char *found, struct pen_error *error)
{
	pen_error__set(error, PEN_INPUT, "sqlrule.head",
	    _("the head of this rule has \"%s\" for \"-- %s:\"; pen-rules(7) says what it must be"),
	    found, key);
	return pen_error__at(error, path, 0, NULL);
}

/* The head to *rule; sql and file are in the arena already. */
static enum pen_status read_head(struct pen_arena *arena, const char *path, struct pen_sqlrule *rule,
    struct pen_error *error)
{
	const char *class = head_line(arena, rule->sql, "class");
	const char *severity = head_line(arena, rule->sql, "severity");

	rule->rule.id = head_line(arena, rule->sql, "id");
	rule->rule.clause = head_line(arena, rule->sql, "clause");
	rule->rule.looks_at = head_line(arena, rule->sql, "looks-at");
	rule->rule.advice = head_line(arena, rule->sql, "advice");
	rule->days = head_line(arena, rule->sql, "days");
	if (!class || !severity || !rule->rule.id || !rule->rule.clause || !rule->rule.looks_at || !rule->rule.advice ||
	    !rule->days)
		return pen_error__memory(error);
	if (!is_id(rule->rule.id))
		return bad_head(path, "id", rule->rule.id, error);
	if (!read_class(class, &rule->rule.class))
		return bad_head(path, "class", class, error);
	if (!read_severity(severity, &rule->rule.severity))
		return bad_head(path, "severity", severity, error);
	return PEN_OK;
}

/* -------------------------------------------------------------- loading -- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_rule_file(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 4 && strcmp(name + n - 4, ".sql") == 0;
}

/* The names in share/rules, sorted; they lie in the arena. */
static enum pen_status list_files(struct pen_arena *arena, const char *dir, char *names[RULES_MOST],
    size_t *count, struct pen_error *error)
{
	struct dirent *entry;
	enum pen_status status = PEN_OK;
	DIR *d = opendir(dir);

	*count = 0;
	if (!d)
		return pen_error__errno(error, _("the rules in %s cannot be read"), dir);
	while (!status && (errno = 0, entry = readdir(d))) {
		if (!is_rule_file(entry->d_name))
			continue;
		if (*count == RULES_MOST)
			status = pen_error__set(error, PEN_INPUT, "sqlrule.many",
			    _("%s holds more than %d rules"), dir, RULES_MOST);
		else if (!(names[(*count)++] = pen_memory__copy(arena, entry->d_name, strlen(entry->d_name))))
			status = pen_error__memory(error);
	}
	closedir(d);
	if (!status)
		qsort(names, *count, sizeof(*names), by_name);
	return status;
}

/* A file's bytes and head to *rule. */
static enum pen_status read_one(struct pen_sqlrules *rules, const char *path, struct pen_sqlrule *rule,
    struct pen_error *error)
{
	enum pen_status status;
	char *bytes;
	size_t n;

	status = pen_file__load(path, FILE_LIMIT, &bytes, &n, error);
	if (status)
		return status;
	rule->sql = pen_memory__copy(rules->arena, bytes, n);
	status = rule->sql ? read_head(rules->arena, path, rule, error) : pen_error__memory(error);
	pen_memory__free(bytes);
	return status;
}

/* The rule as one that is not run, and why: by the error, if it is about the file
 * itself. */
static enum pen_status take_fault(struct pen_sqlrules *rules, const char *name, struct pen_sqlrule *rule,
    struct pen_error *error)
{
	if (error->status == PEN_SYSTEM && strcmp(error->code, "system.memory") == 0)
		return error->status;
	rule->fault = pen_memory__copy(rules->arena, error->text, strlen(error->text));
	rule->rule = (struct pen_rule){ .id = name, .class = PEN_LOGIC, .severity = PEN_NOTE,
	    .clause = "", .looks_at = "", .advice = "" };
	rule->days = "";
	*error = (struct pen_error){ .status = PEN_OK };
	return rule->fault ? PEN_OK : pen_error__memory(error);
}

static enum pen_status load_shipped(struct pen_sqlrules *rules, bool strict, struct pen_error *error)
{
	char *names[RULES_MOST], dir[PATH_MAX], path[PATH_MAX];
	struct pen_sqlrule *rule;
	enum pen_status status;
	size_t i, count = 0;

	status = pen_file__join(dir, sizeof(dir), pen_file__share(), "rules", error);
	if (!status)
		status = list_files(rules->arena, dir, names, &count, error);
	for (i = 0; !status && i < count; i++) {
		rule = &rules->rule[rules->count];
		rule->file = names[i];
		status = pen_file__join(path, sizeof(path), dir, names[i], error);
		if (!status)
			status = read_one(rules, path, rule, error);
		if (status && !strict)
			status = take_fault(rules, names[i], rule, error);
		if (!status)
			rules->count++;
	}
	return status;
}

/* ------------------------------------------------------- the agency's own -- */

static bool id_taken(const struct pen_sqlrules *rules, const char *id)
{
	return pen_rule__named(id) != NULL || pen_sqlrule__named(rules, id) != NULL;
}

static enum pen_status load_own(struct pen_sqlrules *rules, const char *dir, const char *name, struct pen_error *error)
{
	struct pen_sqlrule rule = { .own = true };
	char path[PATH_MAX];
	enum pen_status status = pen_file__join(path, sizeof(path), dir, name, error);

	if (!status && rules->count == RULES_MOST)
		status = pen_error__set(error, PEN_INPUT, "sqlrule.many", _("%s holds more than %d rules"), dir, RULES_MOST);
	if (status)
		return status;
	rule.file = pen_memory__copy(rules->arena, path, strlen(path));
	if (!rule.file)
		return pen_error__memory(error);
	if (strlen(name) >= ID_ROOM + strlen(".sql"))
		status = pen_error__set(error, PEN_INPUT, "sqlrule.name", _("the file's name is too long: at most %d characters before .sql"), ID_ROOM - 1);
	else
		status = read_one(rules, path, &rule, error);
	if (!status && id_taken(rules, rule.rule.id))
		status = pen_error__set(error, PEN_INPUT, "sqlrule.taken",
		    _("there is a rule %s already: give this one an id of its own"), rule.rule.id);
	if (status)
		status = take_fault(rules, name, &rule, error);
	if (!status)
		rules->rule[rules->count++] = rule;
	return status;
}

static enum pen_status load_owns(struct pen_sqlrules *rules, const char *store_dir, struct pen_error *error)
{
	char *names[RULES_MOST], dir[PATH_MAX];
	enum pen_status status;
	size_t i, count = 0;
	bool any;

	status = pen_settings__own_rules(store_dir, dir, &any, error);
	if (!status && any)
		status = list_files(rules->arena, dir, names, &count, error);
	for (i = 0; !status && i < count; i++)
		status = load_own(rules, dir, names[i], error);
	return status;
}

static enum pen_status load(struct pen_sqlrules **rules, bool all, const char *store_dir, struct pen_error *error)
{
	struct pen_sqlrules *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->arena = pen_memory__arena();
	status = made->arena ? load_shipped(made, !all, error) : pen_error__memory(error);
	if (!status && all)
		status = load_owns(made, store_dir, error);
	if (status)
		goto err0;
	*rules = made;
	return PEN_OK;
err0:
	pen_sqlrule__free(made);
	return status;
}

enum pen_status pen_sqlrule__load(struct pen_sqlrules **rules, struct pen_error *error)
{
	return load(rules, false, NULL, error);
}

enum pen_status pen_sqlrule__load_all(struct pen_sqlrules **rules, const char *store_dir, struct pen_error *error)
{
	return load(rules, true, store_dir, error);
}

void pen_sqlrule__free(struct pen_sqlrules *rules)
{
	if (!rules)
		return;
	pen_memory__drop(rules->arena);
	pen_memory__free(rules);
}

size_t pen_sqlrule__count(const struct pen_sqlrules *rules)
{
	return rules->count;
}

const struct pen_sqlrule *pen_sqlrule__at(const struct pen_sqlrules *rules, size_t i)
{
	return &rules->rule[i];
}

const struct pen_sqlrule *pen_sqlrule__named(const struct pen_sqlrules *rules, const char *id)
{
	size_t i;

	for (i = 0; i < rules->count; i++)
		if (strcmp(rules->rule[i].rule.id, id) == 0)
			return &rules->rule[i];
	return NULL;
}

/* -------------------------------------------------------------- running -- */

/* The findings of a run, and the arena of their texts. */
struct list { struct pen_arena *arena; struct pen_sqlfinding *at; size_t n, room; };

static int column_named(struct pen_statement *statement, const char *name)
{
	int i;

	for (i = 0; i < pen_db__columns(statement); i++)
		if (strcmp(pen_db__column_name(statement, i), name) == 0)
			return i;
	return -1;
}

static int64_t number_in(struct pen_statement *statement, const char *name)
{
	int column = column_named(statement, name);

	return column < 0 ? 0 : pen_db__int(statement, column);
}

/* A column's text, in the arena; "" where there is none. NULL: no memory. */
static const char *text_in(struct list *list, struct pen_statement *statement, const char *name, bool money)
{
	int column = column_named(statement, name);
	const char *text = NULL;
	char yuan[24];

	if (column >= 0 && money && !pen_db__is_null(statement, column))
		text = pen_money__format(pen_db__int(statement, column), yuan);
	else if (column >= 0)
		text = pen_db__text(statement, column);
	if (!text)
		text = "";
	return pen_memory__copy(list->arena, text, strlen(text));
}

static enum pen_status take(struct list *list, struct pen_statement *statement, struct pen_error *error)
{
	struct pen_sqlfinding *finding;
	size_t n;
	bool money;

	if (list->n == list->room) {
		size_t room = list->room ? list->room * 2 : 16;

		finding = pen_memory__realloc(list->at, room, sizeof(*finding));
		if (!finding)
			return pen_error__memory(error);
		list->at = finding;
		list->room = room;
	}
	finding = &list->at[list->n];
	finding->record = text_in(list, statement, "record", false);
	finding->field = text_in(list, statement, "field", false);
	n = finding->field ? strlen(finding->field) : 0;
	money = n > 4 && strcmp(finding->field + n - 4, "_fen") == 0;
	finding->found = text_in(list, statement, "found", money);
	finding->expected = text_in(list, statement, "expected", money);
	finding->kind = text_in(list, statement, "kind", false);
	finding->batch = number_in(statement, "batch");
	finding->folio = number_in(statement, "folio");
	finding->person = number_in(statement, "person");
	finding->employer = number_in(statement, "employer");
	finding->line = number_in(statement, "line");
	finding->period = (int32_t)number_in(statement, "period");
	if (!finding->record || !finding->field || !finding->found || !finding->expected || !finding->kind)
		return pen_error__memory(error);
	list->n++;
	return PEN_OK;
}

static void bind_number(struct pen_statement *statement, const char *name, int64_t value)
{
	if (pen_db__has_parameter(statement, name))
		pen_db__bind_int(statement, name, value);
}

/* The days that a rule asks for, of a calendar whose text lies in `days`. */
static enum pen_status bind_calendar(struct pen_store *store, struct pen_statement *statement, struct pen_text *days,
    struct pen_error *error)
{
	struct pen_calendar calendar;
	enum pen_status status;

	if (!pen_db__has_parameter(statement, ":today") && !pen_db__has_parameter(statement, ":calendar"))
		return PEN_OK;
	status = pen_calendar__open(&calendar, store, error);
	if (status)
		return status;
	pen_calendar__text(&calendar, days);
	bind_number(statement, ":today", calendar.today);
	if (pen_db__has_parameter(statement, ":calendar"))
		pen_db__bind_text(statement, ":calendar", days->s ? days->s : "");
	pen_calendar__close(&calendar);
	return days->failed ? pen_error__memory(error) : PEN_OK;
}

/* The time that many days ago, as the journal writes it. */
static void time_before(int64_t days, char out[21])
{
	char day[11];
	int32_t date;

	pen_date__now(out);
	date = pen_date__parse(out, 10);
	if (date && pen_date__days(date) > days)
		memcpy(out, pen_date__format(pen_date__of_days(pen_date__days(date) - days), day), 10);
}

static enum pen_status read_findings(struct list *list, struct pen_store *store, struct pen_statement *statement,
    const struct pen_sqlrule_given *given, struct pen_error *error)
{
	struct pen_text days = { NULL, 0, 0, false };
	enum pen_status status = bind_calendar(store, statement, &days, error);
	char before[21];
	bool row;

	if (status)
		goto out;
	bind_number(statement, ":batch", given->batch);
	bind_number(statement, ":folio", given->folio);
	bind_number(statement, ":days", given->days);
	bind_number(statement, ":person", given->person);
	time_before(given->days, before);
	if (pen_db__has_parameter(statement, ":makers"))
		pen_db__bind_text(statement, ":makers", pen_maker__names);
	if (pen_db__has_parameter(statement, ":before"))
		pen_db__bind_text(statement, ":before", before);
	while (!(status = pen_db__step(statement, &row, error)) && row) {
		status = take(list, statement, error);
		if (status)
			break;
	}
	pen_db__reset(statement);
out:
	pen_text__free(&days);
	return status;
}

/* A rule made ready. */
struct pen_sqlrule_run {
	struct pen_store *store;
	const struct pen_sqlrule *rule;
	struct pen_statement *statement;
	struct list list;
};

static enum pen_status open_run(struct pen_sqlrule_run **run, struct pen_store *store, const struct pen_sqlrule *rule,
    const char *sql, struct pen_error *error)
{
	struct pen_sqlrule_run *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->rule = rule;
	made->list.arena = pen_memory__arena();
	if (!made->list.arena) {
		status = pen_error__memory(error);
		goto err0;
	}
	status = pen_db__prepare_select(pen_store__db(store), sql, &made->statement, error);
	if (status) {
		pen_error__at(error, rule->file, 0, NULL);
		goto err0;
	}
	*run = made;
	return PEN_OK;
err0:
	pen_sqlrule__close(made);
	return status;
}

enum pen_status pen_sqlrule__open(struct pen_sqlrule_run **run, struct pen_store *store, const struct pen_sqlrule *rule,
    struct pen_error *error)
{
	return open_run(run, store, rule, rule->sql, error);
}

enum pen_status pen_sqlrule__open_for_person(struct pen_sqlrule_run **run, struct pen_store *store, const struct pen_sqlrule *rule,
    bool by_folio, struct pen_error *error)
{
	const char *end = strrchr(rule->sql, ';');
	int n = (int)(end ? (size_t)(end - rule->sql) : strlen(rule->sql));
	struct pen_text sql = { 0 };
	enum pen_status status;

	/* The rule's own SELECT stands within; what is asked of its columns goes down into it. */
	pen_text__printf(&sql, "SELECT * FROM (%.*s\n) AS found WHERE person = :person%s", n, rule->sql,
	    by_folio ? " AND folio = :folio" : "");
	status = sql.failed ? pen_error__memory(error) : open_run(run, store, rule, sql.s, error);
	pen_text__free(&sql);
	return status;
}

enum pen_status pen_sqlrule__again(struct pen_sqlrule_run *run, const struct pen_sqlrule_given *given,
    pen_sqlrule_visit *visit, void *context, struct pen_error *error)
{
	enum pen_status status;
	size_t i;

	pen_memory__reset(run->list.arena);
	run->list.n = 0;
	status = read_findings(&run->list, run->store, run->statement, given, error);
	for (i = 0; !status && i < run->list.n; i++)
		status = visit(context, run->rule, &run->list.at[i], error);
	return status;
}

void pen_sqlrule__close(struct pen_sqlrule_run *run)
{
	if (!run)
		return;
	pen_db__finalize(run->statement);
	pen_memory__free(run->list.at);
	pen_memory__drop(run->list.arena);
	pen_memory__free(run);
}

enum pen_status pen_sqlrule__run(struct pen_store *store, const struct pen_sqlrule *rule,
    const struct pen_sqlrule_given *given, pen_sqlrule_visit *visit, void *context, struct pen_error *error)
{
	struct pen_sqlrule_run *run = NULL;
	enum pen_status status = pen_sqlrule__open(&run, store, rule, error);

	if (!status)
		status = pen_sqlrule__again(run, given, visit, context, error);
	pen_sqlrule__close(run);
	return status;
}
