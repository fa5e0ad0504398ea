#include "store/personrule.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* The rules whose findings name a person, and can be run for one; by folio: those that
 * look at a registration by itself. */
static const struct about { const char *id; bool by_folio; } about[] = { { "person.dates", false }, { "entry.age", true } };
#define RULES (sizeof(about) / sizeof(about[0]))

/* What was found of somebody. */
struct seen { int64_t person; size_t rule; char field[40]; };

struct pen_personrule {
	struct pen_store *store;
	struct pen_sqlrules *rules;
	struct pen_sqlrule_run *run[RULES];
	struct seen *seen;
	size_t count, room;
};

/* A run under way. */
struct look {
	struct pen_personrule *of;
	int64_t person;
	size_t rule;
	pen_sqlrule_visit *visit;	/* NULL: it is before */
	void *context;
};

static enum pen_status open_rule(struct pen_personrule *made, size_t i, struct pen_error *error)
{
	const struct pen_sqlrule *rule = pen_sqlrule__named(made->rules, about[i].id);

	/* A case is not let in unlooked at because a file is missing. */
	if (!rule)
		return pen_error__set(error, PEN_INCOMPLETE, "amend.rules",
		    _("the rule %s is missing in share/rules: install it, the people of the case cannot be looked at without it"), about[i].id);
	return pen_sqlrule__open_for_person(&made->run[i], made->store, rule, about[i].by_folio, error);
}

enum pen_status pen_personrule__open(struct pen_personrule **rules, struct pen_store *store, struct pen_error *error)
{
	struct pen_personrule *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;
	size_t i;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	status = pen_sqlrule__load(&made->rules, error);
	for (i = 0; status == PEN_OK && i < RULES; i++)
		status = open_rule(made, i, error);
	if (status != PEN_OK) {
		pen_personrule__close(made);
		return status;
	}
	*rules = made;
	return PEN_OK;
}

void pen_personrule__close(struct pen_personrule *rules)
{
	size_t i;

	if (!rules)
		return;
	for (i = 0; i < RULES; i++)
		pen_sqlrule__close(rules->run[i]);
	pen_sqlrule__free(rules->rules);
	pen_memory__free(rules->seen);
	pen_memory__free(rules);
}

static bool was_seen(const struct look *look, const char *field)
{
	const struct seen *seen = look->of->seen;
	size_t i;

	for (i = look->of->count; i > 0; i--)
		if (seen[i - 1].person == look->person && seen[i - 1].rule == look->rule && strcmp(seen[i - 1].field, field) == 0)
			return true;
	return false;
}

static enum pen_status keep(const struct look *look, const char *field, struct pen_error *error)
{
	struct pen_personrule *of = look->of;
	size_t room = of->room ? of->room * 2 : 16;
	struct seen *more;

	if (of->count == of->room) {
		more = pen_memory__realloc(of->seen, room, sizeof(*more));
		if (!more)
			return pen_error__memory(error);
		of->seen = more;
		of->room = room;
	}
	of->seen[of->count] = (struct seen){ .person = look->person, .rule = look->rule };
	snprintf(of->seen[of->count++].field, sizeof(of->seen->field), "%s", field);
	return PEN_OK;
}

static enum pen_status take(void *context, const struct pen_sqlrule *rule, const struct pen_sqlfinding *finding, struct pen_error *error)
{
	const struct look *look = context;

	if (was_seen(look, finding->field))
		return PEN_OK;
	if (keep(look, finding->field, error) != PEN_OK)
		return error->status;
	return look->visit ? look->visit(look->context, rule, finding, error) : PEN_OK;
}

static enum pen_status run_all(struct look *look, int64_t registration, struct pen_error *error)
{
	const struct pen_sqlrule_given given = { .folio = registration, .person = look->person };
	enum pen_status status = PEN_OK;

	for (look->rule = 0; status == PEN_OK && look->rule < RULES; look->rule++)
		if (registration || !about[look->rule].by_folio)
			status = pen_sqlrule__again(look->of->run[look->rule], &given, take, look, error);
	return status;
}

enum pen_status pen_personrule__before(struct pen_personrule *rules, int64_t person, int64_t registration, struct pen_error *error)
{
	return run_all(&(struct look){ .of = rules, .person = person }, registration, error);
}

enum pen_status pen_personrule__after(struct pen_personrule *rules, int64_t person, int64_t registration,
    pen_sqlrule_visit *visit, void *context, struct pen_error *error)
{
	return run_all(&(struct look){ .of = rules, .person = person, .visit = visit, .context = context }, registration, error);
}
