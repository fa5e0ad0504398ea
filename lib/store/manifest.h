/* The manifest of a snapshot: a text of lines "key: value" under the line
 * "pen-backup/v1". First come the fields of struct pen_manifest in their order,
 * then what the store held ("count: TABLE ROWS", "folios: FORM STATE FOLIOS ROWS
 * UNIT_FEN PERSONAL_FEN AMOUNT_FEN"), then "chunk: SHA256 BYTES" for each chunk
 * in order. A reader passes over keys that it does not know. */
#ifndef PEN_STORE_MANIFEST_H
#define PEN_STORE_MANIFEST_H

#include "base/text.h"
#include "store/store.h"

/* A piece of the store's file. Its name is the SHA-256 of its bytes, or, where it is
 * encrypted, of the file; then its tag is a keyed digest of the bytes. crc is the CRC-32 of
 * the file that it was packed to: gzip has bits that what is in it does not depend on. */
struct pen_chunk { unsigned char name[32], tag[32]; int32_t bytes; bool has_crc, has_tag; uint32_t crc; };

/* It starts as {0} and ends in _drop. */
struct pen_manifest {
	char snapshot[PEN_SNAPSHOT_ROOM];	/* the file's name without its ending */
	char agency[7], name[256], suite[24], time[21], signer[64];
	int64_t journal_size;
	char journal_root[PEN_DIGEST_HEX];
	int64_t page_size, bytes;
	char digest[80];			/* of the whole: "sha256:<hex>"; older ones also "sm3:<hex>" */
	char engine[64], program[64];
	char recipient[65];			/* SHA-256 of the certificate that it is encrypted to; "": it is not */
	struct pen_text facts;			/* the lines "count" and "folios" */
	struct pen_chunk *chunks;
	size_t count, room;
	struct pen_text text;			/* all of it: what is signed */
};
void pen_manifest__drop(struct pen_manifest *manifest);

/* ---- writing ---- */

/* What a store holds, as lines of the manifest: the folios (quick), or the counts
 * of all the tables. */
enum pen_status pen_manifest__facts(struct pen_store *store, bool folios, struct pen_text *facts, struct pen_error *error);
enum pen_status pen_manifest__add(struct pen_manifest *manifest, const struct pen_chunk *chunk, struct pen_error *error);
/* The text, and the name of the snapshot but for what tells two of one moment
 * apart. PEN_INTEGRITY: fields that no manifest can have. */
enum pen_status pen_manifest__compose(struct pen_manifest *manifest, struct pen_error *error);

/* ---- reading ---- */

/* "20261123T081530Z-330100", or with "-02" for the second of one moment. */
bool pen_manifest__is_name(const char *s, size_t n);
/* Fills in the rest from `snapshot` and `text`; PEN_INTEGRITY: not a manifest, or
 * not one of that name. */
enum pen_status pen_manifest__read(struct pen_manifest *manifest, struct pen_error *error);
/* What its digest is made by, which stands before it; false: by nothing that we know. */
bool pen_manifest__digested_by(const struct pen_manifest *manifest, enum pen_suite *suite);
/* PEN_INTEGRITY, naming the snapshot and what of its manifest does not hold. */
enum pen_status pen_manifest__bad(const struct pen_manifest *manifest, const char *what, struct pen_error *error);
/* How many chunks the one before does not have, whose chunks are sorted; sorts
 * this one's. */
int64_t pen_manifest__count_new(struct pen_manifest *manifest, const struct pen_manifest *before);

#endif
