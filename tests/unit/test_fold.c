#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/text.h"

/* A character that came out is not folded any further, and never got longer. */
static void folding_ends_at_once_and_never_grows(void **state)
{
	char before[4], after[4];
	int32_t point, folded;

	(void)state;
	for (point = 0; point <= 0x10ffff; point++) {
		if (point >= 0xd800 && point <= 0xdfff)
			continue;
		folded = pen_fold__character(point);
		if (folded == point)
			continue;
		assert_int_equal(pen_fold__character(folded), folded);
		assert_true(pen_text__encode(folded, after) <= pen_text__encode(point, before));
	}
	assert_int_equal(pen_fold__character(-1), -1);
}

static void what_stands_for_the_same_folds_to_the_same(void **state)
{
	/* Compatibility, Kangxi, radical, circles, private use, and what got a longer form. */
	static const int32_t same[][2] = {
		{ 0xf900, 0x8c48 }, { 0x2f25, 0x5973 }, { 0x2ef3, 0x9f9f }, { 0x25cb, 0x3007 }, { 0x25ef, 0x3007 },
		{ 0xe81e, 0x9fb4 }, { 0xe816, 0x20087 }, { 0xfa6c, 0x242ee },
		{ 0xe7c8, 0x01f9 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		assert_int_equal(pen_fold__character(same[i][0]), pen_fold__character(same[i][1]));
	/* Two people, not two writings. */
	assert_int_not_equal(pen_fold__character(0x5409), pen_fold__character(0x20bb7));
	/* Unified ideographs among the compatible ones stay themselves. */
	assert_int_equal(pen_fold__character(0xfa0e), 0xfa0e);
	assert_int_equal(pen_fold__character(0xfa29), 0xfa29);
}

/* Two bytes of GB 18030 as this system's own decoder has them. */
static int32_t decoded(iconv_t decoder, unsigned lead, unsigned trail)
{
	char in[2] = { (char)lead, (char)trail }, out[8], *from = in, *to = out;
	size_t left = 2, room = sizeof(out), used;

	iconv(decoder, NULL, NULL, NULL, NULL);
	if (iconv(decoder, &from, &left, &to, &room) == (size_t)-1)
		return -1;
	return pen_text__decode(out, sizeof(out) - room, &used);
}

/* GBK's positions of private use lie in the order of the bytes FE50 to FEA0. */
static void positions_of_private_use_are_what_the_bytes_are_decoded_to(void **state)
{
	iconv_t decoder = iconv_open("UTF-8", "GB18030");
	int32_t point = 0xe815, now;
	unsigned trail;

	(void)state;
	assert_true(decoder != (iconv_t)-1);
	for (trail = 0x50; trail <= 0xa0; trail++) {
		if (trail == 0x7f)
			continue;
		now = decoded(decoder, 0xfe, trail);
		assert_int_equal(pen_fold__character(point), pen_fold__character(now));
		point++;
	}
	assert_int_equal(point, 0xe865);
	iconv_close(decoder);
}

/* What a command of perl prints; NULL if there is no perl. */
static FILE *ask_perl(const char *program)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execlp("perl", "perl", "-MUnicode::Normalize", "-e", program, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	return fdopen(ends[0], "r");
}

/* Perl has the tables of Unicode too, by other hands. */
static void decompositions_are_those_that_perl_knows(void **state)
{
	static const char program[] = "for ([0x2f00,0x2fd5],[0xf900,0xfad9],[0x2f800,0x2fa1d]) { for my $p ($_->[0]..$_->[1]) {"
	    " my $d = NFKD(chr $p); printf \"%x %x\\n\", $p, ord $d if length $d == 1; } }";
	FILE *answer = ask_perl(program);
	unsigned point, other, lines = 0;

	(void)state;
	assert_non_null(answer);
	for (; fscanf(answer, "%x %x", &point, &other) == 2; lines++)
		if (pen_fold__character((int32_t)point) != pen_fold__character((int32_t)other))
			fail_msg("U+%04X does not fold to what U+%04X does", point, other);
	fclose(answer);
	wait(NULL);
	if (!lines)
		skip();
	assert_true(lines > 1100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folding_ends_at_once_and_never_grows),
		cmocka_unit_test(what_stands_for_the_same_folds_to_the_same),
		cmocka_unit_test(positions_of_private_use_are_what_the_bytes_are_decoded_to),
		cmocka_unit_test(decompositions_are_those_that_perl_knows),
	};

	return cmocka_run_group_tests_name("base/fold", tests, NULL, NULL);
}
