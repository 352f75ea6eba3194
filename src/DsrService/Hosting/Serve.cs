using System.CommandLine;

namespace DsrService.Hosting;

/// <summary>The verb <c>serve</c>: runs the roles chosen by configuration.</summary>
internal static class Serve
{
    public static Command Command()
    {
        var rest = new Argument<string[]>("settings") { Description = "Settings such as --Dsr:Bus=memory", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("serve", "Runs the service (the default)") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            await using var app = ServiceHost.Build(ServiceHost.CreateBuilder([.. parsed.GetValue(rest) ?? [], .. parsed.UnmatchedTokens]));
            await app.RunAsync(cancel);
            return 0;
        });
        return command;
    }
}
