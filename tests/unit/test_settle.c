#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "case_fixture.h"
#include "account_fixture.h"
#include "form_fixture.h"
#include "versions_fixture.h"
#include "pen.h"

#include <stdlib.h>

/* Where the month of arrival counts, what does not say it and what arrived in another year
 * are assumptions, which are told beside the figures. */
static void what_is_assumed_of_arrivals_is_told(void **state)
{
	static const char arrival[] = "name,area,category,valid_from,valid_to,value,unit,source,verified,note\n"
		"account.credit-month,330100,,,,arrival,text,made up,yes,\n";
	struct fixture *f = *state;
	struct pen_printer *printer;
	char digest[PEN_DIGEST_HEX], *said = NULL;
	size_t n;
	FILE *out = open_memstream(&said, &n);

	agency(f, 500000);
	putf(f, "UPDATE folio SET state = 'sealed', sealed_at = %" PRId64 " WHERE state = 'confirmed'", enter_act(f, "seal.close", true));
	assert_ok(pen_settings__load(store_of(f), "arrival", arrival, sizeof(arrival) - 1, enter_act(f, "parameters.load", true), digest, &f->error));
	folio(f, 60, "breakdown", 1, 2025, 9, enter_act(f, "seal.close", true));
	pay_year(f, 60, 10, 500000);
	putf(f, "INSERT INTO contribution VALUES (60, 11, 11, 1, 1, 500000, 4095, 0, 960000, 480000, NULL, 20260105, NULL)");
	act_as(f, "op1");
	assert_ok(pen_printer_open(&printer, out, PEN_JSON, &f->error));
	assert_ok(pen_settle(&f->session, 2025, true, printer, &f->error));
	pen_printer_free(printer);
	fclose(out);
	assert_non_null(strstr(said, "\"code\":\"credit.period\",\"count\":1"));
	assert_non_null(strstr(said, "\"code\":\"credit.outside\",\"count\":1"));
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASES(what_is_assumed_of_arrivals_is_told),
	};

	return cmocka_run_group_tests_name("flow/settle", tests, NULL, NULL);
}
