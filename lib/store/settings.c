#include "store/settings.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/rule.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define LARGEST ((size_t)16 << 20)	/* of a form, a rule, a parameter table */
#define NAMES 256			/* files of a folder of share */
#define SHOWN ((size_t)64)		/* forms, when all are listed */

/* ---- files of share ---- */

/* A folder's files with an ending, sorted, names without it. */
struct folder { char path[PATH_MAX]; char names[NAMES][64]; size_t count; };

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Takes a file's name without its ending; false if it has another, or is
 * longer than any of ours. */
static bool take_name(const char *file, const char *ending, char out[64])
{
	size_t n = strlen(file), m = strlen(ending);

	if (n <= m || n - m >= 64 || file[0] == '.' || strcmp(file + n - m, ending) != 0)
		return false;
	memcpy(out, file, n - m);
	out[n - m] = '\0';
	return true;
}

/* Of the folder whose path is set; `own`: it is the agency's. */
static enum pen_status list_path(struct folder *folder, const char *ending, bool own, struct pen_error *error)
{
	struct dirent *entry;
	DIR *dir;

	folder->count = 0;
	dir = opendir(folder->path);
	if (!dir)
		return pen_error__errno(error, own ? _("the agency's own rules in %s cannot be read: mend that, or PEN_RULES") :
		    _("cannot read %s, where the program's own files should be: install it whole, or say where they are with PEN_SHARE"),
		    folder->path);
	while (folder->count < NAMES && (entry = readdir(dir)))
		if (take_name(entry->d_name, ending, folder->names[folder->count]))
			folder->count++;
	closedir(dir);
	qsort(folder->names, folder->count, sizeof(folder->names[0]), compare_names);
	return PEN_OK;
}

static enum pen_status list(struct folder *folder, const char *name, const char *ending, struct pen_error *error)
{
	if (pen_file__join(folder->path, sizeof(folder->path), pen_file__share(), name, error) != PEN_OK)
		return error->status;
	return list_path(folder, ending, false, error);
}

static enum pen_status load(const struct folder *folder, const char *name, const char *ending,
    char **bytes, size_t *n, struct pen_error *error)
{
	char file[80], path[PATH_MAX];

	snprintf(file, sizeof(file), "%s%s", name, ending);
	if (pen_file__join(path, sizeof(path), folder->path, file, error) != PEN_OK)
		return error->status;
	return pen_file__load(path, LARGEST, bytes, n, error);
}

/* ---- forms ---- */

static enum pen_status list_forms(struct folder **forms, struct pen_error *error)
{
	*forms = pen_memory__calloc(1, sizeof(**forms));
	if (!*forms)
		return pen_error__memory(error);
	if (list(*forms, "forms", ".json", error) != PEN_OK) {
		pen_memory__free(*forms);
		return error->status;
	}
	return PEN_OK;
}

enum pen_status pen_settings__form_names(char (*names)[64], size_t room, size_t *count, struct pen_error *error)
{
	struct folder *forms;
	size_t i;

	if (list_forms(&forms, error) != PEN_OK)
		return error->status;
	for (i = 0; i < forms->count && i < room; i++)
		memcpy(names[i], forms->names[i], sizeof(names[i]));
	*count = i;
	pen_memory__free(forms);
	return PEN_OK;
}

static enum pen_status no_form(const struct folder *forms, const char *name, struct pen_error *error)
{
	struct pen_text names = { 0 };
	enum pen_status status;
	size_t i;

	for (i = 0; i < forms->count && i < SHOWN; i++)
		pen_text__printf(&names, "%s%s", i ? ", " : "", forms->names[i]);
	status = pen_error__set(error, PEN_USAGE, "form.unknown",
	    _("there is no form \"%s\": expected one of %s"), name, names.s && !names.failed ? names.s : "?");
	pen_text__free(&names);
	return status;
}

/* A form's bytes. A name is looked up among those that are there, so that it
 * cannot lead out of the folder. */
static enum pen_status load_form(const char *name, char **bytes, size_t *n, struct pen_error *error)
{
	struct folder *forms;
	enum pen_status status;
	size_t i;

	if (list_forms(&forms, error) != PEN_OK)
		return error->status;
	for (i = 0; i < forms->count && strcmp(forms->names[i], name) != 0; i++)
		;
	if (i < forms->count)
		status = load(forms, name, ".json", bytes, n, error);
	else
		status = no_form(forms, name, error);
	pen_memory__free(forms);
	return status;
}

enum pen_status pen_settings__form(struct pen_store *store, const char *name, struct pen_form **form,
    char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	enum pen_status status;
	char *bytes;
	size_t n;

	if (load_form(name, &bytes, &n, error) != PEN_OK)
		return error->status;
	status = store ? pen_store__digest(store, bytes, n, digest, error) : PEN_OK;
	if (status == PEN_OK)
		status = pen_form__read(form, bytes, n, error);
	pen_memory__free(bytes);
	return status;
}

enum pen_status pen_settings__kept_form(struct pen_store *store, const char *digest, struct pen_form **form, struct pen_error *error)
{
	enum pen_status status;
	char *bytes;
	size_t n;

	if (pen_blob__load(store, digest, &bytes, &n, error) != PEN_OK)
		return error->status;
	status = pen_form__read(form, bytes, n, error);
	pen_memory__free(bytes);
	/* It was read when it was kept: the digest that a batch names is another's. */
	if (status == PEN_INPUT)
		status = pen_error__set(error, PEN_INTEGRITY, "settings.form",
		    _("what is kept under %s is no form: run pen-verify"), digest);
	return status;
}

/* ---- the rule set ---- */

enum pen_status pen_settings__own_rules(const char *store_dir, char out[PATH_MAX], bool *any, struct pen_error *error)
{
	const char *named = getenv("PEN_RULES");
	enum pen_status status;

	*any = false;
	if (named != NULL && named[0]) {
		status = pen_file__join(out, PATH_MAX, "", named, error);
		if (status == PEN_OK)
			status = pen_file__there(out, R_OK | X_OK, any, error);
		if (status == PEN_OK && !*any)
			status = pen_error__set(error, PEN_USAGE, "rules.own", _("there is no directory %s, which PEN_RULES names"), out);
		return status;
	}
	if (store_dir == NULL)
		return PEN_OK;
	status = pen_file__join(out, PATH_MAX, store_dir, "rules", error);
	return status == PEN_OK ? pen_file__there(out, R_OK | X_OK, any, error) : status;
}

/* One file of rules: its line to the list, itself to the store if that is asked for. */
static enum pen_status add_rule_file(struct pen_store *store, const struct folder *rules, const char *name,
    const char *before, bool keep, struct pen_text *text, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX], called[NAME_MAX + 8];
	enum pen_status status;
	char *bytes;
	size_t n;

	if (load(rules, name, ".sql", &bytes, &n, error) != PEN_OK)
		return error->status;
	snprintf(called, sizeof(called), "%s%s", before, name);
	status = keep ? pen_blob__keep(store, "rules", called, bytes, n, digest, error)
	    : pen_store__digest(store, bytes, n, digest, error);
	if (status == PEN_OK)
		pen_text__printf(text, "%s.sql %s\n", called, digest);
	pen_memory__free(bytes);
	return status;
}

static enum pen_status add_rule_files(struct pen_store *store, const struct folder *rules, const char *before,
    bool keep, struct pen_text *text, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < rules->count; i++)
		status = add_rule_file(store, rules, rules->names[i], before, keep, text, error);
	return status;
}

static enum pen_status add_own_rules(struct pen_store *store, struct folder *rules, bool keep, struct pen_text *text,
    struct pen_error *error)
{
	bool any;
	enum pen_status status = pen_settings__own_rules(pen_store__dir(store), rules->path, &any, error);

	if (status != PEN_OK || !any)
		return status;
	status = list_path(rules, ".sql", true, error);
	return status == PEN_OK ? add_rule_files(store, rules, "own/", keep, text, error) : status;
}

static enum pen_status rules_text(struct pen_store *store, bool keep, struct pen_text *text, struct pen_error *error)
{
	struct folder *rules = pen_memory__calloc(1, sizeof(*rules));
	const struct pen_rule *rule;
	enum pen_status status;
	size_t i;

	if (!rules)
		return pen_error__memory(error);
	for (i = 0; i < pen_rule__count(); i++) {
		rule = pen_rule__at(i);
		pen_text__printf(text, "%s %s %s %s\n", rule->id, pen_rule__class_name(rule->class),
		    pen_rule__severity_name(rule->severity), rule->clause);
	}
	status = list(rules, "rules", ".sql", error);
	if (status == PEN_OK)
		status = add_rule_files(store, rules, "", keep, text, error);
	if (status == PEN_OK)
		status = add_own_rules(store, rules, keep, text, error);
	if (status == PEN_OK && text->failed)
		status = pen_error__memory(error);
	pen_memory__free(rules);
	return status;
}

enum pen_status pen_settings__rules(struct pen_store *store, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_text text = { 0 };
	enum pen_status status;

	status = rules_text(store, false, &text, error);
	if (status == PEN_OK)
		status = pen_store__digest(store, text.s, text.n, digest, error);
	pen_text__free(&text);
	return status;
}

/* ---- parameters ---- */

enum pen_status pen_settings__each_table(struct pen_store *store, int64_t at, pen_settings_visit *visit,
    void *context, struct pen_error *error)
{
	struct pen_statement *statement;
	struct pen_settings_table table;
	enum pen_status status;
	bool row;

	if (pen_store__sql(store, PEN_SQL_SETTINGS_IN_FORCE, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_int(statement, ":at", at);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		table = (struct pen_settings_table){
			pen_db__text(statement, 0), pen_db__text(statement, 1), pen_db__int(statement, 2)
		};
		status = visit(context, &table, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(statement);
	return status;
}

/* Tables being gathered: into `parameters`, but for the one that is `left_out`;
 * and into the list. */
struct gathering {
	struct pen_store *store;
	struct pen_parameters *parameters;
	const char *left_out;
	struct pen_text list;
};

static enum pen_status gather(void *context, const struct pen_settings_table *table, struct pen_error *error)
{
	struct gathering *gathering = context;
	enum pen_status status;
	char *bytes;
	size_t n;

	if (gathering->left_out && strcmp(table->name, gathering->left_out) == 0)
		return PEN_OK;
	pen_text__printf(&gathering->list, "%s %s\n", table->name, table->digest);
	if (!gathering->parameters)
		return PEN_OK;
	status = pen_blob__load(gathering->store, table->digest, &bytes, &n, error);
	if (status != PEN_OK)
		return status;
	status = pen_parameter__add(gathering->parameters, table->name, bytes, n, error);
	pen_memory__free(bytes);
	if (status == PEN_OK && !pen_parameter__name_digest(gathering->parameters, table->name, table->digest))
		status = pen_error__memory(error);
	/* It was sound beside the others when it was put in force. */
	if (status == PEN_INPUT)
		status = pen_error__set(error, PEN_INTEGRITY, "settings.parameters",
		    _("what is kept under %s is no parameter table %s: run pen-verify"), table->digest, table->name);
	return status;
}

enum pen_status pen_settings__parameters(struct pen_store *store, int64_t at,
    struct pen_parameters **parameters, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct gathering gathering = { .store = store, .parameters = pen_parameter__new() };
	enum pen_status status;

	if (!gathering.parameters)
		return pen_error__memory(error);
	status = pen_settings__each_table(store, at, gather, &gathering, error);
	if (status == PEN_OK && gathering.list.failed)
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = pen_store__digest(store, gathering.list.s, gathering.list.n, digest, error);
	pen_text__free(&gathering.list);
	if (status != PEN_OK) {
		pen_parameter__free(gathering.parameters);
		return status;
	}
	*parameters = gathering.parameters;
	return PEN_OK;
}

/* A table must be sound by itself, and beside those that stay in force. */
static enum pen_status check_table(struct pen_store *store, const char *name, const char *csv, size_t n,
    int64_t at, struct pen_error *error)
{
	struct gathering gathering = { .store = store, .parameters = pen_parameter__new(), .left_out = name };
	enum pen_status status;

	if (!gathering.parameters)
		return pen_error__memory(error);
	status = pen_settings__each_table(store, at, gather, &gathering, error);
	if (status == PEN_OK)
		status = pen_parameter__add(gathering.parameters, name, csv, n, error);
	if (status == PEN_OK)
		status = pen_parameter__check(gathering.parameters, name, error);
	pen_text__free(&gathering.list);
	pen_parameter__free(gathering.parameters);
	return status;
}

enum pen_status pen_settings__load(struct pen_store *store, const char *name, const char *csv, size_t n,
    int64_t at, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_statement *statement;

	if (check_table(store, name, csv, n, at, error) != PEN_OK)
		return error->status;
	if (pen_blob__keep(store, "parameters", name, csv, n, digest, error) != PEN_OK)
		return error->status;
	if (pen_store__sql(store, PEN_SQL_SETTINGS_ENTER, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":name", name);
	pen_db__bind_int(statement, ":at", at);
	pen_db__bind_text(statement, ":digest", digest);
	return pen_db__run(statement, error);
}

enum pen_status pen_settings__shipped(char (*names)[64], size_t room, size_t *count, struct pen_error *error)
{
	struct folder *tables = pen_memory__calloc(1, sizeof(*tables));
	enum pen_status status;

	if (!tables)
		return pen_error__memory(error);
	*count = 0;
	status = list(tables, "params", ".csv", error);
	for (; status == PEN_OK && *count < tables->count && *count < room; (*count)++)
		memcpy(names[*count], tables->names[*count], sizeof(names[0]));
	pen_memory__free(tables);
	return status;
}

/* ---- keeping ---- */

static enum pen_status keep_form(struct pen_store *store, const char *name, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;
	char *bytes;
	size_t n;

	if (load_form(name, &bytes, &n, error) != PEN_OK)
		return error->status;
	status = pen_blob__keep(store, "form", name, bytes, n, digest, error);
	pen_memory__free(bytes);
	return status;
}

/* True if some batch was read under the rule set: it keeps that already. */
static enum pen_status is_named(struct pen_store *store, const char *digest, bool *named, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SETTINGS_NAMED, &statement, error);
	bool row;

	*named = false;
	if (status != PEN_OK)
		return status;
	pen_db__bind_text(statement, ":digest", digest);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK)
		*named = row && pen_db__int(statement, 0) != 0;
	pen_db__reset(statement);
	return status;
}

/* The list comes last, in the same transaction: where it is, all that it names is. */
static enum pen_status keep_rules(struct pen_store *store, const char *digest, struct pen_error *error)
{
	char kept[PEN_DIGEST_HEX];
	struct pen_text rules = { 0 };
	enum pen_status status;

	if (pen_blob__has(store, digest))
		return PEN_OK;
	status = rules_text(store, true, &rules, error);
	if (status == PEN_OK)
		status = pen_blob__keep(store, "rules", "rules", rules.s, rules.n, kept, error);
	pen_text__free(&rules);
	return status;
}

enum pen_status pen_settings__name_rules(struct pen_store *store, char digest[PEN_DIGEST_HEX], struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store);
	enum pen_status status = pen_settings__rules(store, digest, error);
	bool named = false;

	if (status == PEN_OK)
		status = is_named(store, digest, &named, error);
	if (status != PEN_OK || named || pen_store__is_copy(store) || pen_blob__has(store, digest))
		return status;
	status = pen_db__begin_write(db, error);
	if (status == PEN_OK)
		status = keep_rules(store, digest, error);
	if (status == PEN_OK)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);
	return status;
}

enum pen_status pen_settings__keep(struct pen_store *store, const char *form, const char *rules_digest, int64_t at,
    struct pen_error *error)
{
	struct gathering gathering = { .store = store };
	char digest[PEN_DIGEST_HEX];
	enum pen_status status;

	status = keep_form(store, form, error);
	if (status == PEN_OK)
		status = keep_rules(store, rules_digest, error);
	if (status == PEN_OK)
		status = pen_settings__each_table(store, at, gather, &gathering, error);
	if (status == PEN_OK && gathering.list.failed)
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = pen_blob__keep(store, "parameters", "parameters", gathering.list.s, gathering.list.n, digest, error);
	pen_text__free(&gathering.list);
	return status;
}
