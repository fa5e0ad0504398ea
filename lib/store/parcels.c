#include "store/parcels.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"

#include <string.h>

#define PARCELS 8
#define BYTES ((size_t)512 << 10)

/* A parcel and what it is in. Fields hold no places until it is sent, for `bytes`
 * moves as it grows. */
struct parcel {
	struct pen_parcel shown;	/* first, so that it is the parcel */
	struct pen_parcel_entry entry[PEN_PARCEL_RECORDS];
	size_t entries;
	struct pen_csv_field *field;
	size_t fields, field_room;
	char *bytes;
	size_t n, room;
};

/* `filling` is the reading side's own, NULL before it took one. */
struct pen_parcels {
	struct pen_channel *full, *empty;
	struct parcel *filling;
	struct parcel parcel[PARCELS];
};

struct pen_parcels *pen_parcels__new(void)
{
	struct pen_parcels *made = pen_memory__calloc(1, sizeof(*made));
	size_t i;

	if (!made)
		return NULL;
	made->full = pen_thread__channel(PARCELS);
	made->empty = pen_thread__channel(PARCELS);
	if (!made->full || !made->empty) {
		pen_parcels__free(made);
		return NULL;
	}
	for (i = 0; i < PARCELS; i++)
		pen_thread__put(made->empty, &made->parcel[i]);
	return made;
}

void pen_parcels__free(struct pen_parcels *parcels)
{
	size_t i;

	if (!parcels)
		return;
	pen_thread__free_channel(parcels->full);
	pen_thread__free_channel(parcels->empty);
	for (i = 0; i < PARCELS; i++) {
		pen_memory__free(parcels->parcel[i].field);
		pen_memory__free(parcels->parcel[i].bytes);
	}
	pen_memory__free(parcels);
}

/* --------------------------------------------------------------- filling -- */

static enum pen_status closed(struct pen_error *error)
{
	return pen_error__set(error, PEN_INCOMPLETE, "parcels.closed", _("nobody wants the rest of the file"));
}

/* Room in the parcel for so many fields and bytes more. */
static bool make_room(struct parcel *parcel, size_t fields, size_t n)
{
	size_t room;
	void *grown;

	if (parcel->fields + fields > parcel->field_room) {
		room = 2 * (parcel->fields + fields);
		grown = pen_memory__realloc(parcel->field, room, sizeof(*parcel->field));
		if (!grown)
			return false;
		parcel->field = grown;
		parcel->field_room = room;
	}
	if (parcel->n + n > parcel->room) {
		room = parcel->n + n > BYTES ? parcel->n + n : BYTES + 4096;
		grown = pen_memory__realloc(parcel->bytes, room, 1);
		if (!grown)
			return false;
		parcel->bytes = grown;
		parcel->room = room;
	}
	return true;
}

static enum pen_status send(struct pen_parcels *parcels, struct pen_error *error)
{
	struct parcel *parcel = parcels->filling;
	const char *bytes = parcel->bytes;
	size_t i;

	for (i = 0; i < parcel->fields; i++) {
		parcel->field[i].s = bytes;
		bytes += parcel->field[i].n;
	}
	parcel->shown = (struct pen_parcel){ parcel->entry, parcel->entries, parcel->field };
	parcels->filling = NULL;
	return pen_thread__put(parcels->full, parcel) ? PEN_OK : closed(error);
}

/* Sees to it that there is a parcel with room for one more record. */
static enum pen_status take_up(struct pen_parcels *parcels, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (parcels->filling && (parcels->filling->entries == PEN_PARCEL_RECORDS || parcels->filling->n > BYTES))
		status = send(parcels, error);
	if (status || parcels->filling)
		return status;
	parcels->filling = pen_thread__take(parcels->empty);
	if (!parcels->filling)
		return closed(error);
	parcels->filling->entries = parcels->filling->fields = parcels->filling->n = 0;
	return PEN_OK;
}

static enum pen_status pack(struct pen_parcels *parcels, const struct pen_csv_field *fields, struct pen_parcel_entry entry,
    struct pen_error *error)
{
	struct parcel *parcel;
	size_t i, n = 0;

	if (take_up(parcels, error) != PEN_OK)
		return error->status;
	parcel = parcels->filling;
	for (i = 0; i < entry.count; i++)
		n += fields[i].n;
	if (!make_room(parcel, entry.count, n))
		return pen_error__memory(error);
	entry.first = parcel->fields;
	parcel->entry[parcel->entries++] = entry;
	for (i = 0; i < entry.count; i++) {
		parcel->field[parcel->fields++] = fields[i];
		if (fields[i].n)
			memcpy(parcel->bytes + parcel->n, fields[i].s, fields[i].n);
		parcel->n += fields[i].n;
	}
	return PEN_OK;
}

enum pen_status pen_parcels__record(void *parcels, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	return pack(parcels, fields, (struct pen_parcel_entry){ .count = count, .line = line, .byte = byte }, error);
}

enum pen_status pen_parcels__columns(void *parcels, const struct pen_csv_field *titles, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	return pack(parcels, titles, (struct pen_parcel_entry){ .count = count, .line = line, .byte = byte, .columns = true }, error);
}

enum pen_status pen_parcels__end(struct pen_parcels *parcels, struct pen_error *error)
{
	enum pen_status status = parcels->filling ? send(parcels, error) : PEN_OK;

	pen_thread__close(parcels->full);
	return status;
}

/* ------------------------------------------------------------- unpacking -- */

struct pen_parcel *pen_parcels__take(struct pen_parcels *parcels)
{
	return pen_thread__take(parcels->full);
}

#define LINE 64			/* bytes that memory is fetched by */

void pen_parcels__expect(const struct pen_parcel *parcel, size_t i)
{
	const char *at, *end;

	if (i >= parcel->entries)
		return;
	at = (const char *)(parcel->field + parcel->entry[i].first);
	end = at + parcel->entry[i].count * sizeof(*parcel->field);
	for (; at < end; at += LINE)
		__builtin_prefetch(at);
}

void pen_parcels__give_back(struct pen_parcels *parcels, struct pen_parcel *parcel)
{
	pen_thread__put(parcels->empty, parcel);
}

void pen_parcels__close(struct pen_parcels *parcels)
{
	/* The reading side may be waiting on either. */
	pen_thread__close(parcels->full);
	pen_thread__close(parcels->empty);
}
