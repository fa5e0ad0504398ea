/* Manifests of backups: whatever stands in a repository. */
#include "fuzz.h"
#include "base/text.h"
#include "store/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct pen_manifest manifest = { .snapshot = "20241230T230640Z-330100" };
	struct pen_error error = { 0 };

	pen_text__add(&manifest.text, (const char *)bytes, n);
	refused_well(pen_manifest__read(&manifest, &error), &error);
	pen_manifest__is_name((const char *)bytes, n);
	pen_manifest__drop(&manifest);
	return 0;
}
