using DsrService.Connectors;
using DsrService.Fulfilment;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using DsrService.Sdk.Http;

namespace DsrService.Tests.Connectors;

/// <summary>A task ready to go.</summary>
internal static class Outgoing
{
    public static OutgoingTask Task(Binding binding, string? address = null) => new()
    {
        RequestId = Guid.CreateVersion7(),
        Binding = binding,
        Address = address,
        SealingKey = SubjectSeal.NewKey(),
        WebhookSecret = StandardWebhooks.NewSecret(),
        Task = new()
        {
            TaskId = Guid.CreateVersion7(),
            Reference = "DSR-2026-7K3QX9PM",
            Controller = "toontrack",
            System = "customer-survey",
            Action = TaskAction.Erase,
            Identifiers = [new("email", "ada.lind@example.org", true)],
            Scope = [new() { Category = "survey-answers", Decision = ScopeDecision.Act }],
            IssuedAt = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero),
            DueAt = new(2026, 4, 2, 9, 0, 0, TimeSpan.Zero),
            Attempt = 1,
        },
    };
}
