#include "model/amendment.h"

#include "base/error.h"

#include <inttypes.h>
#include <string.h>

static const char *const forms[PEN_AMENDMENT_FORMS] = { "change", "rebuild-account", "objection" };
static const char *const titles[PEN_AMENDMENT_FORMS] = { "业务数据修改申请表", "补建个人帐户申请表", "对账单异议" };
static const char *const states[PEN_AMENDMENT_STATES] = {
	"", "requested", "returned", "lead-approved", "head-approved", "unsealed", "applied", "checked",
	"closed", "rejected", "withdrawn", "expired",
};
static const char *const acts[PEN_AMENDMENT_MOVES] = {
	"amend.request", "amend.object", "amend.revise", "amend.approve", "amend.return", "amend.reject",
	"amend.withdraw", "amend.unseal", "amend.expire", "amend.apply", "amend.check", "amend.close",
};
static const char *const posts[] = { "anybody", "requester", "lead", "head", "syslead", "amender" };

/* --------------------------------------------------------------- names -- */

const char *pen_amendment__form_name(enum pen_amendment_form form)
{
	return forms[form];
}

const char *pen_amendment__form_title(enum pen_amendment_form form)
{
	return titles[form];
}

const char *pen_amendment__state_name(enum pen_amendment_state state)
{
	return states[state];
}

const char *pen_amendment__act(enum pen_amendment_move move)
{
	return acts[move];
}

const char *pen_amendment__move_name(enum pen_amendment_move move)
{
	return acts[move] + strlen("amend.");
}

const char *pen_amendment__post_name(enum pen_amendment_post post)
{
	return posts[post];
}

static bool named(const char *const *names, int count, const char *name, int *which)
{
	for (*which = 0; *which < count; (*which)++)
		if (name && strcmp(names[*which], name) == 0)
			return true;
	return false;
}

bool pen_amendment__form_named(const char *name, enum pen_amendment_form *form)
{
	int which;
	const bool found = named(forms, PEN_AMENDMENT_FORMS, name, &which);

	if (found)
		*form = which;
	return found;
}

bool pen_amendment__state_named(const char *name, enum pen_amendment_state *state)
{
	int which;
	const bool found = named(states, PEN_AMENDMENT_STATES, name, &which);

	if (found)
		*state = which;
	return found;
}

bool pen_amendment__move_named(const char *name, enum pen_amendment_move *move)
{
	int which;

	for (which = 0; which < PEN_AMENDMENT_MOVES; which++)
		if (name && strcmp(pen_amendment__move_name(which), name) == 0) {
			*move = which;
			return true;
		}
	return false;
}

bool pen_amendment__is_over(enum pen_amendment_state state)
{
	return state >= PEN_AMENDMENT_CLOSED;
}

bool pen_amendment__is_open(enum pen_amendment_state state)
{
	return state != PEN_AMENDMENT_NONE && !pen_amendment__is_over(state);
}

/* --------------------------------------------------------------- moves -- */

#define LONG_WAY (1u << PEN_AMENDMENT_CHANGE | 1u << PEN_AMENDMENT_REBUILD)
#define SHORT_WAY (1u << PEN_AMENDMENT_OBJECTION)

/* Every move that there is. */
static const struct move {
	unsigned forms;
	enum pen_amendment_state from;
	enum pen_amendment_move move;
	enum pen_amendment_post post;
	const char *role;
	enum pen_amendment_state to;
} moves[] = {
	{ LONG_WAY, PEN_AMENDMENT_NONE, PEN_AMENDMENT_REQUEST, PEN_AMENDMENT_REQUESTER, "operator", PEN_AMENDMENT_REQUESTED },
	{ SHORT_WAY, PEN_AMENDMENT_NONE, PEN_AMENDMENT_OBJECT, PEN_AMENDMENT_REQUESTER, "operator", PEN_AMENDMENT_REQUESTED },

	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_REQUESTED, PEN_AMENDMENT_APPROVE, PEN_AMENDMENT_LEAD, "lead", PEN_AMENDMENT_LEAD_APPROVED },
	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_REQUESTED, PEN_AMENDMENT_RETURN, PEN_AMENDMENT_LEAD, "lead", PEN_AMENDMENT_RETURNED },
	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_REQUESTED, PEN_AMENDMENT_REJECT, PEN_AMENDMENT_LEAD, "lead", PEN_AMENDMENT_REJECTED },
	{ LONG_WAY, PEN_AMENDMENT_LEAD_APPROVED, PEN_AMENDMENT_APPROVE, PEN_AMENDMENT_HEAD, "head", PEN_AMENDMENT_HEAD_APPROVED },
	{ LONG_WAY, PEN_AMENDMENT_LEAD_APPROVED, PEN_AMENDMENT_RETURN, PEN_AMENDMENT_HEAD, "head", PEN_AMENDMENT_RETURNED },
	{ LONG_WAY, PEN_AMENDMENT_LEAD_APPROVED, PEN_AMENDMENT_REJECT, PEN_AMENDMENT_HEAD, "head", PEN_AMENDMENT_REJECTED },
	{ LONG_WAY, PEN_AMENDMENT_HEAD_APPROVED, PEN_AMENDMENT_UNSEAL, PEN_AMENDMENT_SYSLEAD, "syslead", PEN_AMENDMENT_UNSEALED },
	{ LONG_WAY, PEN_AMENDMENT_UNSEALED, PEN_AMENDMENT_APPLY, PEN_AMENDMENT_AMENDER, "amender", PEN_AMENDMENT_APPLIED },
	{ LONG_WAY, PEN_AMENDMENT_UNSEALED, PEN_AMENDMENT_EXPIRE, PEN_AMENDMENT_ANYBODY, NULL, PEN_AMENDMENT_EXPIRED },
	{ SHORT_WAY, PEN_AMENDMENT_LEAD_APPROVED, PEN_AMENDMENT_APPLY, PEN_AMENDMENT_AMENDER, "operator", PEN_AMENDMENT_APPLIED },
	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_APPLIED, PEN_AMENDMENT_CHECK, PEN_AMENDMENT_LEAD, "lead", PEN_AMENDMENT_CHECKED },
	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_CHECKED, PEN_AMENDMENT_CLOSE, PEN_AMENDMENT_LEAD, "lead", PEN_AMENDMENT_CLOSED },

	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_RETURNED, PEN_AMENDMENT_REVISE, PEN_AMENDMENT_REQUESTER, "operator", PEN_AMENDMENT_REQUESTED },
	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_REQUESTED, PEN_AMENDMENT_WITHDRAW, PEN_AMENDMENT_REQUESTER, "operator", PEN_AMENDMENT_WITHDRAWN },
	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_RETURNED, PEN_AMENDMENT_WITHDRAW, PEN_AMENDMENT_REQUESTER, "operator", PEN_AMENDMENT_WITHDRAWN },
	{ LONG_WAY | SHORT_WAY, PEN_AMENDMENT_LEAD_APPROVED, PEN_AMENDMENT_WITHDRAW, PEN_AMENDMENT_REQUESTER, "operator", PEN_AMENDMENT_WITHDRAWN },
	{ LONG_WAY, PEN_AMENDMENT_HEAD_APPROVED, PEN_AMENDMENT_WITHDRAW, PEN_AMENDMENT_REQUESTER, "operator", PEN_AMENDMENT_WITHDRAWN },
};

static const struct move *find_move(enum pen_amendment_form form, enum pen_amendment_state state, enum pen_amendment_move move)
{
	size_t i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if ((moves[i].forms & 1u << form) && moves[i].from == state && moves[i].move == move)
			return &moves[i];
	return NULL;
}

const char *pen_amendment__clause(enum pen_amendment_form form, enum pen_amendment_move move)
{
	if (form == PEN_AMENDMENT_OBJECTION)
		return "R4.2.3";
	switch (move) {
	case PEN_AMENDMENT_REQUEST:
	case PEN_AMENDMENT_OBJECT:
	case PEN_AMENDMENT_REVISE:
	case PEN_AMENDMENT_WITHDRAW:
		return "R5.1";
	case PEN_AMENDMENT_APPLY:
		return "R5.3.1";
	case PEN_AMENDMENT_CHECK:
	case PEN_AMENDMENT_CLOSE:
		return "R5.3.2";
	default:
		return "R5.2";
	}
}

bool pen_amendment__turn(enum pen_amendment_form form, enum pen_amendment_state state, enum pen_amendment_move move,
    struct pen_amendment_turn *turn)
{
	const struct move *found = find_move(form, state, move);

	if (found)
		*turn = (struct pen_amendment_turn){ found->post, found->role, pen_amendment__clause(form, move), found->to };
	return found != NULL;
}

const char *pen_amendment__next(enum pen_amendment_form form, enum pen_amendment_state state)
{
	switch (state) {
	case PEN_AMENDMENT_REQUESTED:
		return _("the lead's approval (pen-amend approve)");
	case PEN_AMENDMENT_RETURNED:
		return _("a revised application by whoever asked (pen-amend revise)");
	case PEN_AMENDMENT_LEAD_APPROVED:
		return form == PEN_AMENDMENT_OBJECTION ? _("its entry by an operator (pen-amend apply)") :
		    _("the head's approval (pen-amend approve)");
	case PEN_AMENDMENT_HEAD_APPROVED:
		return _("unsealing by the system lead (pen-amend unseal)");
	case PEN_AMENDMENT_UNSEALED:
		return _("its entry by an amender, while it is open (pen-amend apply)");
	case PEN_AMENDMENT_APPLIED:
		return _("the lead's check of the log against the form (pen-amend check)");
	case PEN_AMENDMENT_CHECKED:
		return _("sealing of the new versions by the lead (pen-amend close)");
	default:
		return _("nothing, it is over: a further change is a case of its own (pen-amend request)");
	}
}

enum pen_status pen_amendment__refuse(enum pen_amendment_form form, enum pen_amendment_state state,
    enum pen_amendment_move move, int64_t id, struct pen_error *error)
{
	return pen_error__refuse(error, pen_amendment__clause(form, move), "amend.state",
	    _("case %" PRId64 " is %s, from where there is no '%s'; what comes next is %s"), id,
	    pen_amendment__state_name(state), pen_amendment__move_name(move), pen_amendment__next(form, state));
}

/* -------------------------------------------------------------- people -- */

enum pen_status pen_amendment__may(enum pen_amendment_form form, enum pen_amendment_move move, enum pen_amendment_post post,
    const char *staff, const struct pen_amendment_part *parts, size_t count, int64_t id, struct pen_error *error)
{
	const char *clause = pen_amendment__clause(form, move);
	size_t i;

	if (post == PEN_AMENDMENT_ANYBODY)
		return PEN_OK;
	for (i = 0; i < count; i++) {
		const enum pen_amendment_post was = parts[i].post;
		const bool same = strcmp(parts[i].staff, staff) == 0;
		const bool enters = form == PEN_AMENDMENT_OBJECTION &&
		    ((was == PEN_AMENDMENT_REQUESTER && post == PEN_AMENDMENT_AMENDER) ||
		     (was == PEN_AMENDMENT_AMENDER && post == PEN_AMENDMENT_REQUESTER));

		if (was == PEN_AMENDMENT_ANYBODY)
			continue;
		if (same && was != post && !enters)
			return pen_error__refuse(error, clause, "amend.people",
			    _("%s is the %s of case %" PRId64 ", and does nothing else in it: requester, lead, head, system lead and amender are five people; somebody else has to do this"),
			    staff, pen_amendment__post_name(was), id);
		if (!same && was == PEN_AMENDMENT_REQUESTER && post == PEN_AMENDMENT_REQUESTER)
			return pen_error__refuse(error, clause, "amend.people",
			    _("case %" PRId64 " was asked for by %s, who alone revises or withdraws it"), id, parts[i].staff);
	}
	return PEN_OK;
}
