using System.Net.Mail;
using DsrService.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DsrService.Notices;

internal static class NoticesFeature
{
    public static IServiceCollection AddNotices(this IServiceCollection services, DsrOptions options)
    {
        services.AddOptions<DsrOptions>()
            .Validate(settings => string.IsNullOrEmpty(settings.Mail.Smtp) || SmtpAddress.TryParse(settings.Mail.Smtp, out _),
                "Dsr:Mail:Smtp must be an address such as smtp://user@host:587; the password belongs in Dsr:Mail:Password.")
            .Validate(settings => MailAddress.TryCreate(settings.Mail.From, out _), "Dsr:Mail:From must be an e-mail address.");
        services.TryAddSingleton<NoticeQueue>();
        services.AddSingleton<LettersInForce>();
        services.AddScoped<LoadLetters>();
        services.AddHostedService<LettersAtStart>();
        services.AddScoped<WriteToPerson>();
        services.AddScoped<TellRecipients>();
        services.AddScoped<RetryNotice>();
        services.AddScoped<SendLetter>();
        services.TryAddSingleton<IMailTransport, SmtpTransport>();
        services.AddScoped<ClaimNotices>();
        services.AddScoped<RecordDelivery>();
        services.AddSingleton<SendNotices>();
        if (options.Runs(Role.Worker))
            services.AddHostedService(provider => provider.GetRequiredService<SendNotices>());
        return services;
    }

    // Before the first request is served: what the folder holds is in force, or the log says why not.
    private sealed class LettersAtStart(IServiceScopeFactory scopes) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LoadLetters>().HandleAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
