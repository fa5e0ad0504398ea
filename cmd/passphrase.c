#include "passphrase.h"
#include "option.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>

/* The first line of a stream, without its end; -1 if there is none, or it is
 * longer than the room. */
static int first_line(FILE *in, char *buf, int room)
{
	size_t n;

	if (!fgets(buf, room, in))
		return -1;
	n = strcspn(buf, "\r\n");
	if (!buf[n] && !feof(in))
		return -1;
	buf[n] = '\0';
	return (int)n;
}

static int from_file(const char *path, char *buf, int room)
{
	FILE *in = fopen(path, "re");
	int n;

	if (!in)
		return -1;
	setvbuf(in, NULL, _IONBF, 0);	/* no copy stays behind */
	n = first_line(in, buf, room);
	fclose(in);
	return n;
}

/* Asks at the terminal, whatever stdin and stderr are. */
static int from_terminal(const char *prompt, char *buf, int room)
{
	struct termios before, silent;
	FILE *in, *out;
	int n = -1;

	in = fopen("/dev/tty", "re");
	out = fopen("/dev/tty", "we");
	if (!in || !out || tcgetattr(fileno(in), &before) != 0)
		goto out;
	setvbuf(in, NULL, _IONBF, 0);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	/* Silent before it asks: what was typed before is dropped, nothing is seen. */
	if (tcsetattr(fileno(in), TCSAFLUSH, &silent) != 0)
		goto out;
	fputs(prompt, out);
	fflush(out);
	n = first_line(in, buf, room);
	tcsetattr(fileno(in), TCSAFLUSH, &before);
	fputc('\n', out);
out:
	if (in)
		fclose(in);
	if (out)
		fclose(out);
	return n;
}

int passphrase_ask(void *context, char *buf, int room)
{
	const char *file = getenv("PEN_PASSPHRASE_FILE");

	(void)context;
	return file && *file ? from_file(file, buf, room)
	    : from_terminal(_("Passphrase of your key: "), buf, room);
}

int passphrase_choose(void *context, char *buf, int room)
{
	const char *file = getenv("PEN_PASSPHRASE_FILE");
	char again[1024];
	int n, m;

	(void)context;
	if (file && *file)
		return from_file(file, buf, room);
	n = from_terminal(_("Passphrase for the key: "), buf, room);
	if (n <= 0)
		return -1;
	m = from_terminal(_("The same again: "), again, sizeof(again));
	if (m != n || memcmp(buf, again, (size_t)n) != 0)
		n = -1;
	explicit_bzero(again, sizeof(again));
	return n;
}
