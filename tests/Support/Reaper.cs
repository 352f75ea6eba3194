using System.Diagnostics;

namespace DsrService.Testing;

/// <summary>
/// A shell of its own session that outlives this process by a moment: it reads what is to be ended and removed, and
/// does so when its input closes, which the kernel does for us even after a SIGKILL.
/// </summary>
internal static class Reaper
{
    private const string script = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        pids=; folders=
        while read -r what value; do
          case $what in
            watch) pids="$pids $value" ;;
            forget) rest=; for p in $pids; do [ "$p" = "$value" ] || rest="$rest $p"; done; pids=$rest ;;
            folder) folders="$folders $value" ;;
          esac
        done
        for p in $pids; do kill -QUIT "$p"; done
        for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
          alive=; for p in $pids; do kill -0 "$p" && alive=1; done
          [ -n "$alive" ] || break
          sleep 0.1
        done
        for p in $pids; do kill -KILL "$p"; done
        for f in $folders; do rm -rf -- "$f" || { sleep 1; rm -rf -- "$f"; }; done
        """;

    private static readonly Lock gate = new();
    private static Process? shell;

    public static void Watch(int processId) => Tell($"watch {processId}");

    public static void Forget(int processId) => Tell($"forget {processId}");

    /// <summary>A fresh temporary folder that goes when this process goes.</summary>
    public static string Folder(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory($"dsr-{prefix}-").FullName;
        Tell($"folder {folder}");
        return folder;
    }

    /// <summary>The same in memory, where the machine has room for it: making and deleting many small files takes a tenth of
    /// the time there.</summary>
    public static string FolderInMemory(string prefix)
    {
        const string memory = "/dev/shm";
        const long enough = 4L << 30;
        if (OperatingSystem.IsWindows() || !Directory.Exists(memory) || new DriveInfo(memory).AvailableFreeSpace < enough)
            return Folder(prefix);
        var folder = Directory.CreateDirectory(Path.Combine(memory, $"dsr-{prefix}-{Guid.CreateVersion7():N}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        Tell($"folder {folder}");
        return folder;
    }

    private static void Tell(string line)
    {
        lock (gate)
        {
            shell ??= Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", script, "dsr-reaper"])
            {
                RedirectStandardInput = true,
            })!;
            shell.StandardInput.WriteLine(line);
            shell.StandardInput.Flush();
        }
    }
}
