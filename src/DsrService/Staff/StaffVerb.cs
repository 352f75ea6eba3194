using System.CommandLine;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;

namespace DsrService.Staff;

/// <summary>The verb <c>staff</c>: who may sign in to the desk.</summary>
internal static class StaffVerb
{
    public static Command Command() => new("staff", "Adds members of staff, and ends their access") { Add(), Deactivate() };

    private static Command Add()
    {
        var userName = new Argument<string>("user-name");
        var name = new Option<string>("--name") { Description = "The name shown in the desk", Required = true };
        var roles = new Option<string[]>("--role") { Description = "agent, approver, officer, auditor, admin or system-owner; may be repeated", Required = true };
        var controllers = new Option<string[]>("--controller") { Description = "Where the roles hold; may be repeated", Required = true };
        var system = new Option<string?>("--system") { Description = "The system that a system-owner owns" };
        var password = new Option<FileInfo?>("--password-file") { Description = "File whose first line is the password; without it only tokens work" };
        var email = new Option<string?>("--email") { Description = "Where reminders of time limits go; without it to the user name, if that is an address" };
        var token = new Option<bool>("--token") { Description = "Also prints a token for the staff API, once" };
        var days = new Option<int?>("--token-days") { Description = "How long the token holds; without it until the member is deactivated" };
        var command = new Command("add", "Adds a member of staff") { userName, name, roles, controllers, system, email, password, token, days };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (Grants(parsed.GetValue(roles)!, parsed.GetValue(controllers)!, parsed.GetValue(system)) is not { } grants)
            {
                await error.WriteLineAsync("--role: agent, approver, officer, auditor, admin or system-owner.");
                return 1;
            }
            var input = new AddStaff.Input(parsed.GetValue(userName)!, parsed.GetValue(name)!, await FirstLineAsync(parsed.GetValue(password), cancel), grants, parsed.GetValue(email));
            await using var app = ServiceHost.CreateBuilder([]).Build();
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LoadDataMaps>().HandleAsync(cancel);
            var added = await scope.ServiceProvider.GetRequiredService<AddStaff>().HandleAsync(input, cancel);
            if (added.Failed)
                return await RefuseAsync(error, added.Failure);
            await output.WriteLineAsync($"added {added.Value}");
            if (parsed.GetValue(token))
            {
                TimeSpan? lifetime = parsed.GetValue(days) is { } count ? TimeSpan.FromDays(count) : null;
                await output.WriteLineAsync($"token {await scope.ServiceProvider.GetRequiredService<IssueToken>().HandleAsync(added.Value, lifetime, cancel)}");
            }
            return 0;
        });
        return command;
    }

    private static Command Deactivate()
    {
        var userName = new Argument<string>("user-name");
        var command = new Command("deactivate", "Ends a member's access at once: sessions, tokens, password") { userName };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var app = ServiceHost.CreateBuilder([]).Build();
            await using var scope = app.Services.CreateAsyncScope();
            var ended = await scope.ServiceProvider.GetRequiredService<DeactivateStaff>().HandleAsync(parsed.GetValue(userName)!, cancel);
            if (ended.Failed)
                return await RefuseAsync(parsed.InvocationConfiguration.Error, ended.Failure);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"deactivated {ended.Value}");
            return 0;
        });
        return command;
    }

    private static List<CallerGrant>? Grants(string[] roles, string[] controllers, string? system)
    {
        var grants = new List<CallerGrant>();
        foreach (var text in roles)
        {
            if (!DsrJson.TryParseKebab<StaffRole>(text, out var role))
                return null;
            grants.AddRange(controllers.Select(controller => new CallerGrant(controller, role, role == StaffRole.SystemOwner ? system : null)));
        }
        return grants;
    }

    private static async Task<string?> FirstLineAsync(FileInfo? file, CancellationToken cancel)
    {
        if (file is null)
            return null;
        using var reader = file.OpenText();
        return (await reader.ReadLineAsync(cancel))?.TrimEnd();
    }

    private static async Task<int> RefuseAsync(TextWriter error, Failure failure)
    {
        await error.WriteLineAsync($"{failure.Code}: {failure.Message}");
        foreach (var (field, reasons) in failure.Errors ?? new Dictionary<string, string[]>())
            await error.WriteLineAsync($"  {field}: {string.Join(' ', reasons)}");
        return 1;
    }
}
