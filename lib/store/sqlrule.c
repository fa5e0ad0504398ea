#include "store/sqlrule.h"

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/money.h"
#include "base/text.h"
#include "store/calendar.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#define RULES_MOST 256
#define FILE_LIMIT ((size_t)1 << 20)

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

static enum pen_status bad_head(const char *path, const char *key, const char *found, struct pen_error *error)
{
	pen_error__set(error, PEN_INPUT, "sqlrule.head",
	    _("the head of this rule has \"%s\" for \"-- %s:\"; pen-forms(5) says what it must be"),
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
	if (!class || !severity || !rule->rule.id || !rule->rule.clause || !rule->rule.looks_at || !rule->rule.advice)
		return pen_error__memory(error);
	if (!rule->rule.id[0])
		return bad_head(path, "id", "", error);
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

static enum pen_status load_one(struct pen_sqlrules *rules, const char *dir, const char *name,
    struct pen_error *error)
{
	struct pen_sqlrule *rule = &rules->rule[rules->count];
	char path[PATH_MAX];
	enum pen_status status;
	char *bytes;
	size_t n;

	status = pen_file__join(path, sizeof(path), dir, name, error);
	if (!status)
		status = pen_file__load(path, FILE_LIMIT, &bytes, &n, error);
	if (status)
		return status;
	rule->file = name;
	rule->sql = pen_memory__copy(rules->arena, bytes, n);
	status = rule->sql ? read_head(rules->arena, path, rule, error) : pen_error__memory(error);
	if (!status)
		rules->count++;
	pen_memory__free(bytes);
	return status;
}

enum pen_status pen_sqlrule__load(struct pen_sqlrules **rules, struct pen_error *error)
{
	struct pen_sqlrules *made = pen_memory__calloc(1, sizeof(*made));
	char *names[RULES_MOST], dir[PATH_MAX];
	enum pen_status status;
	size_t i, count = 0;

	if (!made)
		return pen_error__memory(error);
	made->arena = pen_memory__arena();
	status = made->arena ? pen_file__join(dir, sizeof(dir), pen_file__share(), "rules", error) :
	    pen_error__memory(error);
	if (!status)
		status = list_files(made->arena, dir, names, &count, error);
	for (i = 0; !status && i < count; i++)
		status = load_one(made, dir, names[i], error);
	if (status)
		goto err0;
	*rules = made;
	return PEN_OK;
err0:
	pen_sqlrule__free(made);
	return status;
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
	finding->employer = number_in(statement, "employer");
	finding->period = (int32_t)number_in(statement, "period");
	if (!finding->record || !finding->field || !finding->found || !finding->expected)
		return pen_error__memory(error);
	list->n++;
	return PEN_OK;
}

/* The days that a rule about duties asks for; the text of them lies in `days`. */
static enum pen_status bind_days(struct pen_store *store, struct pen_statement *statement, struct pen_text *days,
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
	if (pen_db__has_parameter(statement, ":today"))
		pen_db__bind_int(statement, ":today", calendar.today);
	if (pen_db__has_parameter(statement, ":calendar"))
		pen_db__bind_text(statement, ":calendar", days->s ? days->s : "");
	pen_calendar__close(&calendar);
	return days->failed ? pen_error__memory(error) : PEN_OK;
}

static enum pen_status read_findings(struct list *list, struct pen_store *store, struct pen_statement *statement,
    int64_t batch, int64_t folio, struct pen_error *error)
{
	struct pen_text days = { NULL, 0, 0, false };
	enum pen_status status = bind_days(store, statement, &days, error);
	bool row;

	if (status)
		goto out;
	if (pen_db__has_parameter(statement, ":batch"))
		pen_db__bind_int(statement, ":batch", batch);
	if (pen_db__has_parameter(statement, ":folio"))
		pen_db__bind_int(statement, ":folio", folio);
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

enum pen_status pen_sqlrule__run(struct pen_store *store, const struct pen_sqlrule *rule,
    int64_t batch, int64_t folio, pen_sqlrule_visit *visit, void *context, struct pen_error *error)
{
	struct list list = { .arena = pen_memory__arena() };
	struct pen_statement *statement;
	enum pen_status status;
	size_t i;

	if (!list.arena)
		return pen_error__memory(error);
	status = pen_db__prepare(pen_store__db(store), rule->sql, &statement, error);
	if (status) {
		pen_error__at(error, rule->file, 0, NULL);
		goto err0;
	}
	status = read_findings(&list, store, statement, batch, folio, error);
	pen_db__finalize(statement);
	for (i = 0; !status && i < list.n; i++)
		status = visit(context, rule, &list.at[i], error);
err0:
	pen_memory__free(list.at);
	pen_memory__drop(list.arena);
	return status;
}
