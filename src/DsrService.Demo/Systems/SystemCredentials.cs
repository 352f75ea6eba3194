using DsrService.Demo.Output;
using DsrService.Sdk;
using Microsoft.Extensions.Options;

namespace DsrService.Demo.Systems;

/// <summary>The secrets the service gave the systems, out of the file the demo writes them to.</summary>
internal sealed class SystemCredentials(IOptions<DemoOptions> options)
{
    public ServiceConnection Connection(string controller, string system)
    {
        var file = DemoFile.Read(options.Value.Output)
            ?? throw new TaskFailedException("system.no_credentials", "The file of credentials is not there yet.");
        var known = file.SystemCredentials[$"{controller}/{system}"];
        return new()
        {
            Address = options.Value.ServiceAddress ?? file.BaseAddress,
            Token = known.Token,
            SealingKeys = [known.SealingKey],
            WebhookSecrets = [known.WebhookSecret],
        };
    }
}
