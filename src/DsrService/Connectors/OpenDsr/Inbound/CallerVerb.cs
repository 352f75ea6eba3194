using System.CommandLine;
using DsrService.DataMap;
using DsrService.Hosting;

namespace DsrService.Connectors.OpenDsr.Inbound;

/// <summary>The verb <c>caller</c>: the tokens of those who bring requests in over OpenDSR.</summary>
internal static class CallerVerb
{
    public static Command Command() => new("caller", "Gives those who bring requests in over OpenDSR their tokens") { Add() };

    private static Command Add()
    {
        var key = new Argument<string>("caller") { Description = "controller/caller, as the data map names them" };
        var origin = new Option<string?>("--callback-origin") { Description = "Where callbacks may go beside the caller's domain, such as https://gateway.example:8443" };
        var replace = new Option<bool>("--replace") { Description = "Gives a new token in place of the old, which ends at once" };
        var command = new Command("add", "Prints a caller's token, once") { key, origin, replace };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(key)!.Split('/') is not [var controller, var caller])
            {
                await error.WriteLineAsync("caller: controller/caller, such as toontrack/consent-platform.");
                return 1;
            }
            await using var app = ServiceHost.CreateBuilder([]).Build();
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LoadDataMaps>().HandleAsync(cancel);
            var added = await scope.ServiceProvider.GetRequiredService<AddCaller>()
                .HandleAsync(new(controller, caller, parsed.GetValue(origin), parsed.GetValue(replace)), cancel);
            if (added.Failed)
            {
                await error.WriteLineAsync($"{added.Failure.Code}: {added.Failure.Message}");
                return 1;
            }
            await output.WriteLineAsync($"token {added.Value}");
            return 0;
        });
        return command;
    }
}
