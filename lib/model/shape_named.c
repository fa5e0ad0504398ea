#include "model/shape_named.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/shape_seen.h"

/* A line, marks of the name folded and as it stood; lines beyond are told as the
 * last one that there is room for. */
#define LINE_BITS 27
#define FOLDED_BITS 24
#define STOOD_BITS 12
#define BITS(n) ((UINT64_C(1) << (n)) - 1)

#define NAME_ROOM 1024

/* New people have numbers one behind the other: at[person - first]. Those who have
 * one from before, and were never registered, are in `others`. */
struct pen_named { int64_t first, *at; size_t room; struct pen_seen *others; };

struct pen_named *pen_shape_named__new(void)
{
	struct pen_named *named = pen_memory__calloc(1, sizeof(*named));

	if (!named)
		return NULL;
	named->others = pen_shape_seen__new();
	if (named->others)
		return named;
	pen_memory__free(named);
	return NULL;
}

void pen_shape_named__free(struct pen_named *named)
{
	if (!named)
		return;
	pen_shape_seen__free(named->others);
	pen_memory__free(named->at);
	pen_memory__free(named);
}

/* Both marks, in their places. */
static int64_t marks(const char *name, size_t n)
{
	char folded[NAME_ROOM + 1];
	uint64_t stood = pen_text__mark(name, n), alike = stood;

	if (n <= NAME_ROOM) {
		n = pen_text__fold_name(name, n, folded);
		alike = pen_text__mark(folded, n);
	}
	return (int64_t)((alike & BITS(FOLDED_BITS)) << STOOD_BITS | (stood & BITS(STOOD_BITS)));
}

/* True if the person has a place in the row of new ones, made if need be. */
static bool has_place(struct pen_named *named, int64_t person)
{
	size_t room = named->room ? named->room : 1024, i;
	int64_t *grown;

	if (!named->first)
		named->first = person;
	if (person < named->first || (uint64_t)(person - named->first) >= 2 * room)
		return false;
	if ((size_t)(person - named->first) < named->room)
		return true;
	room = named->room ? 2 * named->room : room;
	grown = pen_memory__realloc(named->at, room, sizeof(*grown));
	if (!grown)
		return false;
	for (i = named->room; i < room; i++)
		grown[i] = 0;
	named->at = grown;
	named->room = room;
	return (size_t)(person - named->first) < room;
}

bool pen_shape_named__put(struct pen_named *named, int64_t person, const char *name, size_t n, int64_t line)
{
	const uint64_t least = (uint64_t)line > BITS(LINE_BITS) ? BITS(LINE_BITS) : (uint64_t)line;
	const int64_t value = (int64_t)(least << (FOLDED_BITS + STOOD_BITS)) | marks(name, n);

	if (!has_place(named, person))
		return pen_shape_seen__put(named->others, person, 0, value);
	named->at[person - named->first] = value;
	return true;
}

static int64_t value_of(const struct pen_named *named, int64_t person)
{
	if (person >= named->first && (uint64_t)(person - named->first) < named->room &&
	    named->at[person - named->first])
		return named->at[person - named->first];
	return pen_shape_seen__get(named->others, person, 0);
}

enum pen_named_as pen_shape_named__look(const struct pen_named *named, int64_t person, const char *name, size_t n,
    int64_t *line)
{
	const uint64_t both = BITS(FOLDED_BITS + STOOD_BITS);
	const uint64_t first = (uint64_t)value_of(named, person);
	const uint64_t now = first ? (uint64_t)marks(name, n) : 0;

	*line = (int64_t)(first >> (FOLDED_BITS + STOOD_BITS));
	if (!first)
		return PEN_NAMED_NOT;
	if ((first & both) == now)
		return PEN_NAMED_SAME;
	return (first & both) >> STOOD_BITS == now >> STOOD_BITS ? PEN_NAMED_FOLDED : PEN_NAMED_OTHER;
}
