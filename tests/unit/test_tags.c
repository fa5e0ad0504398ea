#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "work/tags.h"

static void chunks_are_found_by_their_tags_however_many_there_are(void **state)
{
	struct pen_tags tags = { .count = 0 };
	struct pen_error error = { 0 };
	struct pen_chunk chunk = { .has_tag = true };
	unsigned char tag[PEN_DIGEST_SIZE] = { 0 };
	uint64_t i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		chunk.bytes = (int32_t)i + 1;
		memset(chunk.tag, 0, sizeof(chunk.tag));
		memcpy(chunk.tag, &(uint64_t){ i * 7919 }, sizeof(i));
		assert_int_equal(pen_tags__add(&tags, &chunk, &error), PEN_OK);
	}
	assert_int_equal(pen_tags__add(&tags, &chunk, &error), PEN_OK);	/* again */
	assert_int_equal(tags.count, 3000);
	for (i = 0; i < 3000; i++) {
		memcpy(tag, &(uint64_t){ i * 7919 }, sizeof(i));
		assert_int_equal(pen_tags__find(&tags, tag)->bytes, i + 1);
	}
	memcpy(tag, &(uint64_t){ 5 }, sizeof(i));
	assert_null(pen_tags__find(&tags, tag));
	pen_tags__drop(&tags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_are_found_by_their_tags_however_many_there_are),
	};

	return cmocka_run_group_tests_name("work/tags", tests, NULL, NULL);
}
