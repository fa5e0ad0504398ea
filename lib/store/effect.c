#include "store/effect.h"

#include "base/error.h"
#include "base/memory.h"

void pen_effect__free(struct pen_trial *trial)
{
	pen_memory__free(trial->effect);
	pen_memory__free(trial->finding);
	*trial = (struct pen_trial){ .effects = 0 };
}

static enum pen_status read_pension(struct pen_store *store, int64_t person, int64_t as_of, bool *has, int64_t *fen,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_VERSIONS_PENSION, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row && !pen_db__is_null(s, 0)) {
		*has = true;
		*fen = pen_db__int(s, 0);
	}
	pen_db__reset(s);
	return status;
}

/* The account at the end of the last year that it stands at by an entry. */
static enum pen_status read_account(struct pen_store *store, int64_t person, int64_t as_of, int32_t *year,
    struct pen_balance *balance, struct pen_error *error)
{
	struct pen_account_place *places;
	size_t count;
	enum pen_status status = pen_places__of_person(store, person, as_of, &places, &count, error);

	if (status != PEN_OK)
		return status;
	if (count) {
		*year = places[count - 1].year;
		status = pen_ledger__closing(store, &places[count - 1], as_of, balance, error);
	}
	pen_memory__free(places);
	return status;
}

enum pen_status pen_effect__before(struct pen_trial *trial, struct pen_store *store, const struct pen_resettle_person *person,
    size_t persons, int64_t at, struct pen_error *error)
{
	struct pen_effect *effect;
	enum pen_status status = PEN_OK;
	size_t i;

	trial->effect = pen_memory__calloc(persons ? persons : 1, sizeof(*trial->effect));
	if (!trial->effect)
		return pen_error__memory(error);
	for (i = 0; status == PEN_OK && i < persons; i++) {
		effect = &trial->effect[trial->effects++];
		effect->person = person[i].person;
		status = read_account(store, effect->person, at - 1, &effect->year, &effect->before, error);
		if (status == PEN_OK)
			status = read_pension(store, effect->person, at - 1, &effect->has_pension, &effect->pension_before_fen, error);
	}
	return status;
}

enum pen_status pen_effect__after(struct pen_trial *trial, struct pen_store *store, int64_t at, struct pen_error *error)
{
	struct pen_effect *effect;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < trial->effects; i++) {
		effect = &trial->effect[i];
		status = read_account(store, effect->person, at, &effect->year, &effect->after, error);
		if (status == PEN_OK)
			status = read_pension(store, effect->person, at, &effect->has_pension, &effect->pension_after_fen, error);
	}
	return status;
}
