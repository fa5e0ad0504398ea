/*
 * inject FAULT N LOG COMMAND…: runs a command and lets the N-th call by which it changes
 * anything on the disk go wrong. Every such call of every thread is seen, whoever makes
 * it (libpen, SQLite, stdio): the kernel hands them over (seccomp, user notification),
 * and the command and its libraries are those that are installed.
 *
 *   count     nothing goes wrong
 *   eio       the call fails with EIO                   eio+     and so do all after it
 *   full      the call fails with ENOSPC, if it is one  full+    and so do all after it
 *             that takes room (a write, a new file)
 *   tear      half of a write is done, and it fails with EIO
 *   short     half of a write is done, and it says so
 *   kill      SIGKILL instead of the call
 *   torn      half of a write is done, then SIGKILL
 *   cut       the power is cut instead of the call: SIGKILL, and of what was done before
 *             nothing is left that no sync has made lasting: bytes of a file by a sync of
 *             the file, names (made, renamed, removed) by a sync of the directory; beyond
 *             the last call it is cut when the command has ended
 *   part      the same, but every other piece of the unsynced bytes has reached the disk
 *
 * LOG is "CALLS HIT NAME PATH": how many calls there were, whether the N-th came, and
 * what it was. The status is that of the command, 128 and the signal if one ended it, or
 * 125 if nothing could be injected.
 *
 * Not counted is what goes to standard output and error, a pipe, a terminal or a device.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the calls that change something ---- */

enum what { WRITE, SIZE, SYNC, OPEN, REMOVE, RENAME, MAKE };

/* Where a call has its descriptor, path or second path: an argument's number, or -1. */
static const struct call {
	int number;
	const char *name;
	enum what what;
	int fd, at, path, to_at, to;
} calls[] = {
	{ SYS_write, "write", WRITE, 0, -1, -1, -1, -1 },
	{ SYS_pwrite64, "pwrite", WRITE, 0, -1, -1, -1, -1 },
	{ SYS_writev, "writev", WRITE, 0, -1, -1, -1, -1 },
	{ SYS_pwritev, "pwritev", WRITE, 0, -1, -1, -1, -1 },
	{ SYS_copy_file_range, "copy_file_range", WRITE, 2, -1, -1, -1, -1 },
	{ SYS_sendfile, "sendfile", WRITE, 0, -1, -1, -1, -1 },
	{ SYS_ftruncate, "ftruncate", SIZE, 0, -1, -1, -1, -1 },
	{ SYS_fallocate, "fallocate", SIZE, 0, -1, -1, -1, -1 },
	{ SYS_fsync, "fsync", SYNC, 0, -1, -1, -1, -1 },
	{ SYS_fdatasync, "fdatasync", SYNC, 0, -1, -1, -1, -1 },
	{ SYS_syncfs, "syncfs", SYNC, 0, -1, -1, -1, -1 },
	{ SYS_openat, "open", OPEN, -1, 0, 1, -1, -1 },
	{ SYS_unlinkat, "unlink", REMOVE, -1, 0, 1, -1, -1 },
	{ SYS_renameat, "rename", RENAME, -1, 0, 1, 2, 3 },
	{ SYS_renameat2, "rename", RENAME, -1, 0, 1, 2, 3 },
	{ SYS_mkdirat, "mkdir", MAKE, -1, 0, 1, -1, -1 },
	{ SYS_linkat, "link", MAKE, -1, 2, 3, -1, -1 },
#ifdef SYS_open
	{ SYS_open, "open", OPEN, -1, -1, 0, -1, -1 },
	{ SYS_unlink, "unlink", REMOVE, -1, -1, 0, -1, -1 },
	{ SYS_rmdir, "rmdir", REMOVE, -1, -1, 0, -1, -1 },
	{ SYS_rename, "rename", RENAME, -1, -1, 0, -1, 1 },
	{ SYS_mkdir, "mkdir", MAKE, -1, -1, 0, -1, -1 },
	{ SYS_link, "link", MAKE, -1, -1, 1, -1, -1 },
#endif
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

static const struct call *find(int number)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (calls[i].number == number)
			return &calls[i];
	return NULL;
}

static int flags_of(const struct call *call, const struct seccomp_notif *asked)
{
	return call->what == OPEN ? (int)asked->data.args[call->path + 1] : 0;
}

static void die(const char *what)
{
	perror(what);
	exit(125);
}

/* ---- what the command is about to touch ---- */

/* The file of a descriptor, or the absolute path of a name; the second one of a rename. */
struct place {
	char path[PATH_MAX], to[PATH_MAX];
	int fd;			/* of the supervisor's own: read and write, where that is allowed; or -1 */
	struct stat st;		/* of the file before the call; st_nlink 0 in `there` false */
	bool there;
};

static bool path_of(pid_t pid, const struct seccomp_notif *asked, int at, int path, char *out)
{
	char name[PATH_MAX], link[64], dir[PATH_MAX];
	struct iovec here = { name, sizeof(name) };
	struct iovec there = { (void *)(uintptr_t)asked->data.args[path], sizeof(name) };
	ssize_t n;

	/* Up to the end of the page at least; a name near it is shorter. */
	n = process_vm_readv(pid, &here, 1, &there, 1, 0);
	if (n < 0) {
		there.iov_len = 4096 - (size_t)((uintptr_t)there.iov_base % 4096);
		n = process_vm_readv(pid, &here, 1, &there, 1, 0);
	}
	if (n <= 0 || !memchr(name, '\0', (size_t)n))
		return false;
	if (name[0] == '/')
		return snprintf(out, PATH_MAX, "%s", name) < PATH_MAX;
	if (at < 0 || (int)asked->data.args[at] == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, (int)asked->data.args[at]);
	n = readlink(link, dir, sizeof(dir) - 1);
	if (n < 0)
		return false;
	dir[n] = '\0';
	return (size_t)snprintf(out, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

static bool place_of(const struct call *call, const struct seccomp_notif *asked, struct place *place)
{
	pid_t pid = (pid_t)asked->pid;
	char link[64];
	ssize_t n;

	memset(place, 0, sizeof(*place));
	place->fd = -1;
	if (call->fd < 0) {
		if (!path_of(pid, asked, call->at, call->path, place->path))
			return false;
		if (call->to >= 0 && !path_of(pid, asked, call->to_at, call->to, place->to))
			return false;
		place->there = lstat(call->to >= 0 ? place->to : place->path, &place->st) == 0;
		if (place->there && S_ISREG(place->st.st_mode))
			place->fd = open(call->to >= 0 ? place->to : place->path, O_RDWR | O_CLOEXEC);
		return true;
	}
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, (int)asked->data.args[call->fd]);
	n = readlink(link, place->path, sizeof(place->path) - 1);
	if (n < 0 || stat(link, &place->st) != 0)
		return false;
	place->there = true;
	if (S_ISREG(place->st.st_mode))
		place->fd = open(link, O_RDWR | O_CLOEXEC);
	return true;
}

static bool begins(const char *path, const char *with)
{
	return strncmp(path, with, strlen(with)) == 0;
}

/* Whether the call counts: nothing of /dev and /proc (but files in memory lie under
 * /dev/shm), no pipe, nothing that is only said, no opening to read. */
static bool counts(const struct call *call, const struct seccomp_notif *asked, const struct place *place)
{
	if (call->what == OPEN && (flags_of(call, asked) & O_ACCMODE) == O_RDONLY)
		return false;
	if (call->fd >= 0 && asked->data.args[call->fd] <= STDERR_FILENO)
		return false;
	if ((begins(place->path, "/dev/") && !begins(place->path, "/dev/shm/")) || begins(place->path, "/proc/"))
		return false;
	return !place->there || S_ISREG(place->st.st_mode) || S_ISDIR(place->st.st_mode);
}

/* Where a write goes, and how long it is. */
static void range_of(const struct call *call, const struct seccomp_notif *asked, off_t *at, size_t *length)
{
	char link[64], line[128];
	FILE *info;

	*length = (size_t)asked->data.args[2];
	if (call->number == SYS_pwrite64) {
		*at = (off_t)asked->data.args[3];
		return;
	}
	*at = 0;
	snprintf(link, sizeof(link), "/proc/%d/fdinfo/%d", (int)asked->pid, (int)asked->data.args[call->fd]);
	info = fopen(link, "r");
	if (info && fgets(line, sizeof(line), info))
		*at = (off_t)strtoll(line + strcspn(line, "0123456789"), NULL, 10);
	if (info)
		fclose(info);
	if (call->number == SYS_write)
		return;
	*at = 0;		/* all of the file may change */
	*length = SIZE_MAX;
}

/* ---- what no sync has made lasting ---- */

/* How to take one change back, newest first. Bytes: what stood in file `fd` at `at` and
 * how long it was. Names: the path that was made, and the path that was lost with what
 * it named (open as fd, or -1); a rename has both. */
struct undo {
	struct undo *next;
	bool bytes;
	int fd;
	dev_t dev;
	ino_t ino;		/* of the file; of a name, its directory */
	off_t at, size;
	size_t n;
	char *old;
	char made[PATH_MAX], lost[PATH_MAX], from[PATH_MAX];
	mode_t mode;
};
static struct undo *undone;

static struct undo *remember(bool bytes)
{
	struct undo *undo = calloc(1, sizeof(*undo));

	if (!undo)
		die("calloc");
	undo->bytes = bytes;
	undo->fd = -1;
	undo->next = undone;
	undone = undo;
	return undo;
}

static void remember_bytes(const struct place *place, off_t at, size_t length)
{
	struct undo *undo;
	ssize_t got;

	if (place->fd < 0)
		return;
	undo = remember(true);
	undo->fd = fcntl(place->fd, F_DUPFD_CLOEXEC, 3);
	undo->dev = place->st.st_dev;
	undo->ino = place->st.st_ino;
	undo->size = place->st.st_size;
	undo->at = at;
	if (at >= place->st.st_size)
		return;
	if (length > (size_t)(place->st.st_size - at))
		length = (size_t)(place->st.st_size - at);
	undo->old = malloc(length ? length : 1);
	got = undo->old ? pread(place->fd, undo->old, length, at) : -1;
	undo->n = got > 0 ? (size_t)got : 0;
}

static void directory_of(struct undo *undo, const char *path)
{
	char dir[PATH_MAX];
	struct stat st;
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir] = '\0';
	if (stat(dir, &st) == 0) {
		undo->dev = st.st_dev;
		undo->ino = st.st_ino;
	}
}

static void remember_name(const struct call *call, const struct place *place)
{
	struct undo *undo = remember(false);
	bool rename = call->what == RENAME;

	directory_of(undo, rename ? place->to : place->path);
	undo->mode = place->st.st_mode;
	if (rename)
		snprintf(undo->from, sizeof(undo->from), "%s", place->path);
	if (call->what != REMOVE)
		snprintf(undo->made, sizeof(undo->made), "%s", rename ? place->to : place->path);
	if (place->there && (rename || call->what == REMOVE)) {
		snprintf(undo->lost, sizeof(undo->lost), "%s", rename ? place->to : place->path);
		undo->fd = place->fd < 0 ? -1 : fcntl(place->fd, F_DUPFD_CLOEXEC, 3);
	}
}

/* A sync that is let through: what it makes lasting is not taken back; with `all` that is
 * all of a file system. */
static void forget(const struct place *place, bool all)
{
	struct undo **link = &undone, *undo;
	bool bytes = S_ISREG(place->st.st_mode);

	while ((undo = *link)) {
		if (undo->dev == place->st.st_dev && (all || (undo->bytes == bytes && undo->ino == place->st.st_ino))) {
			*link = undo->next;
			if (undo->fd >= 0)
				close(undo->fd);
			free(undo->old);
			free(undo);
		} else {
			link = &undo->next;
		}
	}
}

/* A file that was removed comes back with what it held. */
static void bring_back(const struct undo *undo)
{
	char buf[65536];
	ssize_t n;
	off_t at = 0;
	int fd;

	if (S_ISDIR(undo->mode)) {
		mkdir(undo->lost, undo->mode & 07777);
		return;
	}
	fd = open(undo->lost, O_WRONLY | O_CREAT | O_TRUNC, undo->mode & 07777);
	while (fd >= 0 && undo->fd >= 0 && (n = pread(undo->fd, buf, sizeof(buf), at)) > 0) {
		if (pwrite(fd, buf, (size_t)n, at) != n)
			die("pwrite");
		at += n;
	}
	if (fd >= 0)
		close(fd);
}

/* A directory whose name was not made lasting goes with all that is in it. */
static void remove_all(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		die("rm");
}

static void cut_power(bool part)
{
	const struct undo *undo;
	bool keep = false;

	for (undo = undone; undo; undo = undo->next) {
		if (undo->bytes) {
			keep = part && !keep;
			if (keep)
				continue;
			if (undo->n > 0 && pwrite(undo->fd, undo->old, undo->n, undo->at) != (ssize_t)undo->n)
				die("pwrite");
			if (ftruncate(undo->fd, undo->size) != 0)
				die("ftruncate");
			continue;
		}
		if (undo->from[0])
			rename(undo->made, undo->from);
		else if (undo->made[0] && unlink(undo->made) != 0 && errno == EISDIR)
			remove_all(undo->made);
		if (undo->lost[0])
			bring_back(undo);
	}
}

/* What the call will change is remembered, or made lasting. */
static void note_change(const struct call *call, const struct seccomp_notif *asked, const struct place *place)
{
	off_t at;
	size_t length;
	int flags = flags_of(call, asked);

	switch (call->what) {
	case WRITE:
		range_of(call, asked, &at, &length);
		remember_bytes(place, at, length);
		break;
	case SIZE:
		at = call->number == SYS_ftruncate ? (off_t)asked->data.args[1] : place->st.st_size;
		remember_bytes(place, at < place->st.st_size ? at : place->st.st_size, SIZE_MAX);
		break;
	case SYNC:
		forget(place, call->number == SYS_syncfs);
		break;
	case OPEN:
		if ((flags & O_TMPFILE) == O_TMPFILE)
			break;
		if (!place->there && (flags & O_CREAT))
			remember_name(call, place);
		else if (place->there && (flags & O_TRUNC))
			remember_bytes(place, 0, SIZE_MAX);
		break;
	case MAKE:
		if (!place->there)
			remember_name(call, place);
		break;
	default:
		remember_name(call, place);
	}
}

/* ---- the fault ---- */

static const char *fault, *hit_name = "-";
static char hit_path[PATH_MAX] = "-";
static long wanted, seen;
static pid_t child;

/* Half of a write, done in the command's stead, through its own descriptor: a place in
 * the file that moves on with a write does so. */
static ssize_t write_half(const struct call *call, const struct seccomp_notif *asked)
{
	size_t length = (size_t)asked->data.args[2] / 2;
	struct iovec here = { malloc(length), length }, there = { (void *)(uintptr_t)asked->data.args[1], length };
	int process, fd;
	ssize_t done;

	if (call->number != SYS_write && call->number != SYS_pwrite64)
		return -1;
	process = (int)syscall(SYS_pidfd_open, child, 0);
	fd = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, (int)asked->data.args[0], 0);
	if (fd < 0 || !here.iov_base || process_vm_readv((pid_t)asked->pid, &here, 1, &there, 1, 0) != (ssize_t)length)
		die("inject: half of a write");
	done = call->number == SYS_write ? write(fd, here.iov_base, length) :
	    pwrite(fd, here.iov_base, length, (off_t)asked->data.args[3]);
	free(here.iov_base);
	close(fd);
	close(process);
	return done;
}

/* Whether this fault can befall this call: a full disk refuses what takes room. */
static bool befalls(const struct call *call, const struct seccomp_notif *asked, const struct place *place)
{
	if (strncmp(fault, "full", 4) == 0)
		return call->what == WRITE || call->what == MAKE || (call->what == OPEN && (flags_of(call, asked) & O_CREAT)
		    && !place->there) || (call->what == SIZE && (off_t)asked->data.args[1] > place->st.st_size);
	if (strcmp(fault, "tear") == 0 || strcmp(fault, "short") == 0 || strcmp(fault, "torn") == 0)
		return (call->number == SYS_write || call->number == SYS_pwrite64) && asked->data.args[2] > 1;
	return true;
}

/* ---- the supervisor ---- */

static int install(void)
{
	struct sock_filter filter[CALLS + 3];
	struct sock_fprog program = { 0, filter };
	size_t i, n = 0;

	filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (i = 0; i < CALLS; i++)
		filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, (unsigned char)(CALLS - i), 0);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	program.len = (unsigned short)n;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		die("prctl");
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* The listener goes to the parent over a socket, before anything is written. */
static void send_descriptor(int over, int fd)
{
	union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } control = { 0 };
	struct iovec one = { (char[]) { 'l' }, 1 };
	struct msghdr message = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	if (sendmsg(over, &message, 0) != 1)
		die("sendmsg");
}

static int receive_descriptor(int over)
{
	union { struct cmsghdr head; char room[CMSG_SPACE(sizeof(int))]; } control = { 0 };
	struct iovec one = { (char[1]) { 0 }, 1 };
	struct msghdr message = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(over, &message, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&message)) {
		fputs("inject: no listener: seccomp's user notification is not to be had here\n", stderr);
		exit(125);
	}
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return fd;
}


/* One call: 0 and it goes on, or what it gets instead; true in *ended after a kill. */
static void decide(const struct seccomp_notif *asked, struct seccomp_notif_resp *answer, bool *ended)
{
	const struct call *call = find(asked->data.nr);
	struct place place;
	bool cut = strcmp(fault, "cut") == 0 || strcmp(fault, "part") == 0;
	ssize_t half = -1;
	size_t n = strlen(fault);
	bool lasting = fault[n - 1] == '+';

	answer->id = asked->id;
	answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (!call || !place_of(call, asked, &place))
		return;
	if (!counts(call, asked, &place) || !befalls(call, asked, &place))
		goto out;
	seen++;
	if (seen == wanted) {
		hit_name = call->name;
		snprintf(hit_path, sizeof(hit_path), "%s", place.to[0] ? place.to : place.path);
	}
	if (strcmp(fault, "count") == 0 || seen < wanted || (seen > wanted && !lasting))
		goto out;
	if (strcmp(fault, "tear") == 0 || strcmp(fault, "short") == 0 || strcmp(fault, "torn") == 0)
		half = write_half(call, asked);
	if (strcmp(fault, "kill") == 0 || strcmp(fault, "torn") == 0 || cut) {
		kill(child, SIGKILL);
		*ended = true;
		goto out;
	}
	answer->flags = 0;
	if (strcmp(fault, "short") == 0 && half > 0)
		answer->val = half;
	else
		answer->error = strncmp(fault, "full", 4) == 0 ? -ENOSPC : -EIO;
out:
	if (cut && !*ended && counts(call, asked, &place))
		note_change(call, asked, &place);
	if (place.fd >= 0)
		close(place.fd);
}

static void supervise(int listener)
{
	struct seccomp_notif asked;
	struct seccomp_notif_resp answer;
	struct pollfd ready = { listener, POLLIN, 0 };
	bool ended = false;

	while (!ended && poll(&ready, 1, -1) >= 0 && !(ready.revents & (POLLHUP | POLLERR))) {
		memset(&asked, 0, sizeof(asked));
		memset(&answer, 0, sizeof(answer));
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			break;
		}
		decide(&asked, &answer, &ended);
		if (!ended && ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) != 0 && errno != ENOENT)
			die("answer");
	}
}

int main(int argc, char **argv)
{
	int pair[2], listener, status;
	FILE *log;

	if (argc < 5) {
		fputs("usage: inject FAULT N LOG COMMAND...\n", stderr);
		return 125;
	}
	fault = argv[1];
	wanted = strtol(argv[2], NULL, 10);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		die("socketpair");
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		listener = install();
		if (listener < 0)
			die("inject: seccomp");
		send_descriptor(pair[1], listener);
		close(listener);
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	close(pair[1]);
	listener = receive_descriptor(pair[0]);
	supervise(listener);
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	if (strcmp(fault, "cut") == 0 || strcmp(fault, "part") == 0)
		cut_power(strcmp(fault, "part") == 0);
	log = fopen(argv[3], "w");
	if (!log || fprintf(log, "%ld %d %s %s\n", seen, seen >= wanted && wanted > 0, hit_name, hit_path) < 0 || fclose(log) != 0)
		die(argv[3]);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
