/* Whether a signature is good, where the question cannot fail. */
#ifndef PEN_TEST_VERIFIES_H
#define PEN_TEST_VERIFIES_H

#include "adapter/signature.h"

static inline bool verifies(const struct pen_key *key, const void *bytes, size_t n, const unsigned char *signature, size_t signature_n)
{
	struct pen_error error = { 0 };
	bool good = false;

	assert_int_equal(pen_signature__verify(key, bytes, n, signature, signature_n, &good, &error), PEN_OK);
	return good;
}

#endif
