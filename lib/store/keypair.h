/* A pair of keys that is made here, and the files that it goes to. What the pair is for
 * (a store, somebody entered there) is made lasting after the files: a claim beside the
 * private one, locked meanwhile, says for which store, so that what a killed run has left
 * is known, and the same command does it over. */
#ifndef PEN_STORE_KEYPAIR_H
#define PEN_STORE_KEYPAIR_H

#include <limits.h>

#include "adapter/digest.h"
#include "adapter/signature.h"

struct pen_keypair {
	struct pen_key *key;
	char *pem;			/* the public half */
	char private_path[PATH_MAX], public_path[PATH_MAX];
	int claim;			/* its file; -1: none */
	bool written;
};

/* STEM.pem and STEM.pub of a directory. Before anything else. */
enum pen_status pen_keypair__place(struct pen_keypair *pair, const char *dir, const char *stem, struct pen_error *error);
/* PEN_USAGE (key.exists) if a key lies there, as keys are never overwritten; but those
 * that a killed run for this store has left do not count. `store` may be still to come. */
enum pen_status pen_keypair__check(const struct pen_keypair *pair, const char *store, struct pen_error *error);
enum pen_status pen_keypair__generate(struct pen_keypair *pair, enum pen_suite suite, struct pen_error *error);
/* Writes both files, or none, under a claim. PEN_BUSY: another run is at it. */
enum pen_status pen_keypair__write(struct pen_keypair *pair, const char *store, pen_passphrase *ask, void *context,
    struct pen_error *error);
/* What the pair is for lasts: the claim goes. */
void pen_keypair__settle(struct pen_keypair *pair);
/* The same of a claim that a killed run has left, where what it is for turned out to last. */
void pen_keypair__settle_left(const struct pen_keypair *pair, const char *store);
/* Frees it; what was written and not settled is removed. Harmless where nothing was done. */
void pen_keypair__free(struct pen_keypair *pair);

/* PEN_USAGE if there is a file. */
enum pen_status pen_keypair__check_file(const char *path, struct pen_error *error);
/* The private half (mode 0600) and the public half in files that must not be there; both
 * or none, and never in part. ask gives the passphrase; NULL: none. No claim. */
enum pen_status pen_keypair__write_files(const struct pen_key *key, pen_passphrase *ask, void *context,
    const char *private_path, const char *public_path, struct pen_error *error);

#endif
