/* The text of a seal: its paragraphs lie in it one behind the other. */
#include "fuzz.h"
#include "model/sealtext.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const keys[] = { "seal", "batch", "folio", "rows", "root", "form", "signatures", "amount", "" };
	struct pen_sealtext_part part;
	char *text = malloc(n + 1), out[80], root[PEN_DIGEST_HEX], found[121], expected[121];
	const char *rest, *end = text;
	int64_t value;
	size_t i;

	holds(text);
	memcpy(text, bytes, n);
	text[n] = '\0';
	for (rest = text; pen_sealtext__next(&rest, &part); end = part.s + part.n) {
		holds(part.s >= end && part.s + part.n <= text + n && rest <= text + n);
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			pen_sealtext__value(&part, keys[i], out, sizeof(out));
			pen_sealtext__integer(&part, keys[i], &value);
		}
	}
	pen_sealtext__paragraphs(PEN_ED25519_SHA256, text, root);
	holds(pen_sealtext__differ(text, text, found, expected) == 0);
	free(text);
	return 0;
}
