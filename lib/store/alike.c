#include "store/alike.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/runs.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define RULE "person.alike"
#define MEMORY ((size_t)64 << 20)
#define MARK 40			/* bits of a mark: what is alike by it is looked at again */

/* One registration of a group, as it stands in the store; `stem` is the first part of its
 * id, of 15 digits with the century put in. */
struct member { int64_t person; int sex; const char *id, *name; char stem[64]; };

struct pen_alike {
	struct pen_runs *marks;		/* by mark, person and folio */
	struct pen_runs *findings;	/* by person */
	uint64_t *low;			/* of the marks of the group at hand */
	size_t lows, low_room;
	struct member *member;		/* their registrations */
	size_t count, room;
	struct pen_arena *strings;
};

enum pen_status pen_alike__new(struct pen_alike **alike, const char *dir, struct pen_error *error)
{
	struct pen_alike *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	made->strings = pen_memory__arena();
	status = made->strings ? pen_runs__new(&made->marks, dir, MEMORY, error) : pen_error__memory(error);
	if (!status)
		status = pen_runs__new(&made->findings, dir, MEMORY, error);
	if (status) {
		pen_alike__free(made);
		return status;
	}
	*alike = made;
	return PEN_OK;
}

void pen_alike__free(struct pen_alike *alike)
{
	if (!alike)
		return;
	pen_runs__free(alike->marks);
	pen_runs__free(alike->findings);
	pen_memory__free(alike->low);
	pen_memory__free(alike->member);
	pen_memory__drop(alike->strings);
	pen_memory__free(alike);
}

/* ---------------------------------------------------------------- marks -- */

/* The bytes of the first characters of a text, as many as there are of so many. */
static size_t bytes_of(const char *s, size_t n, int characters)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80 && characters-- == 0)
			break;
	return i;
}

/* Area and birth date of an id: the first 14 characters, of an id of 15 with the century
 * that it leaves out. */
static size_t stem_of(const char *id, size_t n, char stem[64])
{
	size_t area = bytes_of(id, n, 6), born = bytes_of(id, n, 12);

	if (bytes_of(id, n, 15) == n && bytes_of(id, n, 14) < n) {
		memcpy(stem, id, area);
		memcpy(stem + area, "19", 2);
		memcpy(stem + area + 2, id + area, born - area);
		n = born + 2;
	} else {
		n = bytes_of(id, n, 14);
		memcpy(stem, id, n);
	}
	stem[n] = '\0';
	return n;
}

enum pen_status pen_alike__add(struct pen_alike *alike, int64_t folio, int64_t person, const struct pen_value *id,
    const struct pen_value *name, int64_t sex, struct pen_error *error)
{
	struct pen_runs_key key;
	unsigned char *nothing;
	char stem[64];

	/* Numbers beyond these are found as what they are (person.told). */
	if (person <= 0 || person > UINT32_MAX || folio <= 0 || folio > UINT32_MAX || id->type != PEN_STRING || name->type != PEN_STRING)
		return PEN_OK;
	key.high = (pen_text__mark(stem, stem_of(id->s, id->n, stem)) * 3 ^ pen_text__mark(name->s, name->n) ^ (uint64_t)sex) &
	    ((UINT64_C(1) << MARK) - 1);
	key.low = (uint64_t)person << 32 | (uint64_t)folio;
	if (pen_runs__room(alike->marks, 0, &nothing, error) != PEN_OK)
		return error->status;
	pen_runs__put(alike->marks, &key, 0);
	return PEN_OK;
}

/* --------------------------------------------------------------- groups -- */

static bool take_text(struct pen_alike *alike, const char *text, const char **out)
{
	*out = pen_memory__copy(alike->strings, text ? text : "", text ? strlen(text) : 0);
	return *out != NULL;
}

static enum pen_status add_member(struct pen_alike *alike, int64_t person, struct pen_statement *s, struct pen_error *error)
{
	size_t room = alike->room ? alike->room * 2 : 16;
	struct member *member;

	if (alike->count == alike->room) {
		member = pen_memory__realloc(alike->member, room, sizeof(*member));
		if (!member)
			return pen_error__memory(error);
		alike->member = member;
		alike->room = room;
	}
	member = &alike->member[alike->count++];
	*member = (struct member){ .person = person, .sex = (int)pen_db__int(s, 2) };
	if (!take_text(alike, pen_db__text(s, 0), &member->id) || !take_text(alike, pen_db__text(s, 1), &member->name))
		return pen_error__memory(error);
	stem_of(member->id, strlen(member->id), member->stem);
	return PEN_OK;
}

static enum pen_status read_member(struct pen_alike *alike, struct pen_walk *walk, uint64_t low, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_walk__look(walk, error);
	bool row;

	if (!status)
		status = pen_store__sql(walk->session->store, PEN_SQL_ALIKE_ROW, &s, error);
	if (status)
		return status;
	pen_db__bind_int(s, ":folio", (int64_t)(low & UINT32_MAX));
	pen_db__bind_int(s, ":person", (int64_t)(low >> 32));
	while (!(status = pen_db__step(s, &row, error)) && row) {
		status = add_member(alike, (int64_t)(low >> 32), s, error);
		if (status)
			break;
	}
	pen_db__reset(s);
	return status;
}

static int by_likeness(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = strcmp(x->stem, y->stem);

	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : x->sex - y->sex;
}

/* Some that are alike, if they are two people: kept until all are known. */
static enum pen_status keep(struct pen_alike *alike, const struct member *at, size_t n, struct pen_error *error)
{
	struct pen_runs_key key = { 0, pen_runs__count(alike->findings) };
	const struct member *last = at, *lowest = at, *highest = at;
	int64_t first = at->person;
	size_t i, room;
	unsigned char *out;

	for (i = 1; i < n; i++) {
		first = at[i].person < first ? at[i].person : first;
		last = at[i].person > last->person ? &at[i] : last;
		lowest = strcmp(at[i].id, lowest->id) < 0 ? &at[i] : lowest;
		highest = strcmp(at[i].id, highest->id) > 0 ? &at[i] : highest;
	}
	if (first == last->person)
		return PEN_OK;
	key.high = (uint64_t)last->person;
	room = strlen(highest->id) + strlen(at->name) + strlen(lowest->id) + 3;
	if (pen_runs__room(alike->findings, room, &out, error) != PEN_OK)
		return error->status;
	i = (size_t)snprintf((char *)out, room, "%s %s", highest->id, at->name) + 1;
	memcpy(out + i, lowest->id, strlen(lowest->id) + 1);
	pen_runs__put(alike->findings, &key, room);
	return PEN_OK;
}

static bool are_several(const struct pen_alike *alike)
{
	size_t i;

	for (i = 1; i < alike->lows; i++)
		if (alike->low[i] >> 32 != alike->low[0] >> 32)
			return true;
	return false;
}

/* A group of one mark, if it is of several people: read again and put in order. */
static enum pen_status end_group(struct pen_alike *alike, struct pen_walk *walk, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i, n;

	if (are_several(alike))
		for (i = 0; !status && i < alike->lows; i++)
			if (!i || alike->low[i] != alike->low[i - 1])
				status = read_member(alike, walk, alike->low[i], error);
	if (alike->count)
		qsort(alike->member, alike->count, sizeof(*alike->member), by_likeness);
	for (i = 0; !status && i < alike->count; i += n) {
		for (n = 1; i + n < alike->count && by_likeness(&alike->member[i], &alike->member[i + n]) == 0; n++)
			;
		status = keep(alike, &alike->member[i], n, error);
	}
	if (alike->count)
		pen_memory__reset(alike->strings);
	alike->lows = alike->count = 0;
	return status;
}

static enum pen_status add_to_group(struct pen_alike *alike, uint64_t low, struct pen_error *error)
{
	size_t room = alike->low_room ? alike->low_room * 2 : 16;
	uint64_t *grown;

	if (alike->lows == alike->low_room) {
		grown = pen_memory__realloc(alike->low, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		alike->low = grown;
		alike->low_room = room;
	}
	alike->low[alike->lows++] = low;
	return PEN_OK;
}

static enum pen_status find(struct pen_alike *alike, struct pen_walk *walk, struct pen_error *error)
{
	struct pen_runs_walk *marks = NULL;
	struct pen_runs_key key, last = { UINT64_MAX, 0 };
	const unsigned char *bytes;
	enum pen_status status = pen_runs__sort(alike->marks, error);
	size_t n;

	if (!status)
		status = pen_runs__walk(&marks, alike->marks, error);
	while (!status && !(status = pen_runs__next(marks, &key, &bytes, &n, error)) && bytes) {
		if (key.high != last.high)
			status = end_group(alike, walk, error);
		if (!status)
			status = add_to_group(alike, key.low, error);
		last = key;
	}
	pen_runs__close(marks);
	return status ? status : end_group(alike, walk, error);
}

enum pen_status pen_alike__tell(struct pen_alike *alike, struct pen_walk *walk, struct pen_error *error)
{
	struct pen_runs_walk *findings = NULL;
	struct pen_runs_key key;
	const unsigned char *bytes;
	enum pen_status status = find(alike, walk, error);
	char found[96];
	size_t n;

	if (!status)
		status = pen_runs__sort(alike->findings, error);
	if (!status)
		status = pen_runs__walk(&findings, alike->findings, error);
	while (!status && !(status = pen_runs__next(findings, &key, &bytes, &n, error)) && bytes) {
		snprintf(found, sizeof(found), _("also as %s"), (const char *)bytes + strlen((const char *)bytes) + 1);
		status = pen_walk__report_of(walk, &(struct pen_walk_key){ "registration", 0, (int64_t)key.high, 0 },
		    &(struct pen_walk_place){ RULE, "id_number", found, _("one number for one person"), 0, 0 }, error,
		    _("person %s"), (const char *)bytes);
	}
	pen_runs__close(findings);
	return status;
}
