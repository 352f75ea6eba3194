using System.CommandLine;
using System.Globalization;
using DsrService.Data;
using DsrService.Hosting;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace DsrService.Audit;

/// <summary>The verb <c>audit</c>: whether what was written down is still what was written down.</summary>
internal static class AuditVerb
{
    public static Command Command() => new("audit", "Checks the audit chains") { Verify() };

    private static Command Verify()
    {
        var noted = new Option<string?>("--noted")
        {
            Description = "NUMBER:HASH of the installation's chain as an earlier run printed it; a copy kept elsewhere shows even a chain that was written anew",
        };
        var command = new Command("verify", "Walks every chain and names the first broken link of each, missing entries, deleted requests and cut tails") { noted };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            (int Sequence, byte[] Hash)? expected = null;
            if (parsed.GetValue(noted) is { } text && (expected = Parse(text)) is null)
            {
                await error.WriteLineAsync("--noted: a number, a colon and a hash in hexadecimal digits.");
                return 2;
            }
            await using var source = NpgsqlDataSource.Create(ServiceHost.ConnectionString(ServiceHost.Settings()));
            var options = new DbContextOptionsBuilder<DsrDbContext>();
            Database.Configure(options, source);
            await using var db = new DsrDbContext(options.Options);
            return await RunAsync(new VerifyAudit(db), expected, output, cancel);
        });
        return command;
    }

    internal static async Task<int> RunAsync(VerifyAudit verify, (int Sequence, byte[] Hash)? noted, TextWriter output, CancellationToken cancel)
    {
        var found = await verify.HandleAsync(cancel);
        var problems = found.Problems.ToList();
        if (noted is { } known && !await verify.HoldsAsync(known.Sequence, known.Hash, cancel))
            problems.Insert(0, new VerifyAudit.Problem("audit.noted_head_missing", Installation.ChainName, known.Sequence));
        foreach (var problem in problems)
            await output.WriteLineAsync(problem.ToString());
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{found.Chains} chains, {found.Entries} entries, {problems.Count} problems; installation chain {found.Head}:{Convert.ToHexStringLower(found.HeadHash)}"));
        return problems.Count == 0 ? 0 : 1;
    }

    private static (int, byte[])? Parse(string text)
    {
        var parts = text.Split(':');
        try
        {
            return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? (sequence, Convert.FromHexString(parts[1]))
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
