using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace DsrService.Testing;

/// <summary>A program under test: its output is kept, it can be signalled, and it never outlives the tests.</summary>
internal sealed partial class TestProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly Task ended;
    private bool disposed;
    private TaskCompletionSource moreOutput = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.Start();
        Reaper.Watch(process.Id);
        process.StandardInput.Close();
        ended = EndAsync(CollectAsync(process.StandardOutput), CollectAsync(process.StandardError));
    }

    public int Id => process.Id;

    public bool HasExited => disposed || process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Standard output and error, line by line as they came.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    public string Output => string.Join('\n', Lines);

    public static TestProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? string.Empty,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }
        return new TestProcess(start);
    }

    /// <summary>Runs a program to its end; anything but 0 is an exception with what it said.</summary>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null)
    {
        await using var process = Start(program, arguments, environment, workingDirectory);
        var code = await process.WaitForExitAsync();
        return code == 0
            ? process.Output
            : throw new InvalidOperationException($"{program} ended with {code}:\n{process.Output}");
    }

    public Task<string> WaitForLineAsync(string containing, TimeSpan? within = null) =>
        WaitForLineAsync(new Regex(Regex.Escape(containing)), within);

    /// <summary>The first line, past or to come, that matches.</summary>
    public async Task<string> WaitForLineAsync(Regex pattern, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Eventually.Deadline);
        for (var next = 0; ;)
        {
            Task more;
            lock (gate)
            {
                for (; next < lines.Count; next++)
                {
                    if (pattern.IsMatch(lines[next]))
                    {
                        return lines[next];
                    }
                }
                if (ended.IsCompleted)
                {
                    throw new InvalidOperationException(
                        $"{process.StartInfo.FileName} ended with {ExitCode} before it said '{pattern}':\n{string.Join('\n', lines)}");
                }
                more = moreOutput.Task;
            }

            try
            {
                await Task.WhenAny(more, ended).WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{process.StartInfo.FileName} did not say '{pattern}':\n{Output}");
            }
        }
    }

    public async Task<int> WaitForExitAsync(TimeSpan? within = null)
    {
        await ended.WaitAsync(within ?? Eventually.Deadline);
        return ExitCode;
    }

    /// <summary>SIGKILL, and nothing is running when this returns.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, then waits for the end the program chooses.</summary>
    public Task<int> StopAsync(TimeSpan? within = null)
    {
        Signal(PosixSignal.SIGTERM);
        return WaitForExitAsync(within);
    }

    public void Signal(PosixSignal signal)
    {
        var number = signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            PosixSignal.SIGTERM => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        if (!HasExited)
        {
            _ = Send(process.Id, number);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }
        if (!process.HasExited)
        {
            await KillAsync();
        }
        disposed = true;
        await ended.WaitAsync(Eventually.Deadline);
        process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Send(int processId, int signal);

    private async Task CollectAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (gate)
            {
                lines.Add(line);
                moreOutput.SetResult();
                moreOutput = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>A grandchild may hold the pipes open: the end of the process itself counts, after a moment for the rest.</summary>
    private async Task EndAsync(params Task[] readers)
    {
        await process.WaitForExitAsync();
        Reaper.Forget(process.Id);
        try
        {
            await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(2));
        }
        catch (TimeoutException)
        {
            // Whoever holds the pipes is not the program that was asked for.
        }
    }
}
