/* Proofs: what is read is written back as it stood. */
#include "fuzz.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct pen_arena *arena = pen_memory__arena();
	struct pen_text text = { 0 };
	struct pen_error error = { 0 };
	struct pen_proof proof;
	enum pen_status status;

	holds(arena);
	status = pen_proof__read(&proof, arena, (const char *)bytes, n, &error);
	refused_well(status, &error);
	if (status == PEN_OK) {
		pen_proof__write(&proof, &text);
		holds(text.n == n && memcmp(text.s, bytes, n) == 0);
		pen_text__free(&text);
	}
	pen_memory__drop(arena);
	return 0;
}
