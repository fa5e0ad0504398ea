/* peak FILE COMMAND…: runs a command and writes the most memory that it held at a
 * time into FILE, in MB of 1024 * 1024 bytes; ends as the command did. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t child;
	FILE *out;

	if (argc < 3)
		return 127;
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 127;
	out = fopen(argv[1], "w");
	if (!out || fprintf(out, "%ld\n", (usage.ru_maxrss + 1023) / 1024) < 0 || fclose(out))
		return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
