using System.CommandLine;
using DsrService.Audit;
using DsrService.Connectors;
using DsrService.Connectors.OpenDsr.Inbound;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Staff;
using Microsoft.Extensions.Options;

var command = new RootCommand("Answers the requests people make about their data under the GDPR.")
{
    Serve.Command(),
    Migrate.Command(),
    CheckHealth.Command(),
    AuditVerb.Command(),
    CallerVerb.Command(),
    DataMapCheck.Command(),
    DeadlineVerb.Command(),
    LettersVerb.Command(),
    StaffVerb.Command(),
    SystemVerb.Command(),
};
try
{
    return await command.Parse(args.Length == 0 || args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version") ? ["serve", .. args] : args)
        .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (OptionsValidationException wrong)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, wrong.Failures));
    return 2;
}
