#include "work/act.h"

enum pen_status pen_act__begin(struct pen_session *session, const struct pen_act *act, struct pen_error *error)
{
	const char *const roles[] = { act->role, NULL };
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = pen_session__require(session, roles, NULL, act->clause, act->name, error);
	return status == PEN_OK ? pen_session__hold(session, act->command, 0, error) : status;
}

enum pen_status pen_act__end(struct pen_session *session, const struct pen_act *act, enum pen_status status, const char *subject,
    struct pen_error *error)
{
	pen_store__let_go(session->store);
	if (status == PEN_REFUSED)
		pen_session__refused(session, act->name, subject, error);
	return status;
}
