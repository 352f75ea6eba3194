using System.CommandLine;

namespace DsrService.Hosting;

/// <summary>The verb <c>health</c>: asks a role of this machine whether it serves, where there is no other program to ask with.</summary>
internal static class CheckHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static Command Command()
    {
        var url = new Option<string>("--url") { Description = "Where to ask", DefaultValueFactory = _ => "http://127.0.0.1:8080/health" };
        var command = new Command("health", "Says by its exit code whether the service answers") { url };
        command.SetAction(async (parsed, cancel) =>
        {
            using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
            try
            {
                using var answer = await client.GetAsync(parsed.GetValue(url), cancel);
                return answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception error) when (error is HttpRequestException || error is TaskCanceledException && !cancel.IsCancellationRequested)
            {
                return 1;
            }
        });
        return command;
    }
}
