using System.Text.Json;
using DsrService.Sdk.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DsrService.Sdk.Http;

/// <summary>Lets the tasks of connected systems arrive as signed HTTP requests.</summary>
public static class PushedTasks
{
    private const int LargestBody = 1024 * 1024;
    private const int MostAtOnce = 64;

    // The service waits longer than this; what takes more time is answered over the task's links.
    private static readonly TimeSpan AnswerAtOnceWithin = TimeSpan.FromSeconds(5);

    /// <summary>Maps <c>POST {prefix}/{controller}/{system}</c> for every connected system of this program: 200 with the
    /// receipt if it is there within five seconds, else 202 and the receipt over the task's links; 401 if the signature does
    /// not hold, 400 if the body is not a task for this system, 503 with <c>Retry-After</c> if too much is under way.</summary>
    public static IEndpointConventionBuilder MapPushedTasks(this IEndpointRouteBuilder endpoints, string prefix = "/dsr/tasks") =>
        endpoints.MapPost($"{prefix}/{{controller}}/{{system}}", ReceiveAsync);

    private static int underWay;

    private static async Task<IResult> ReceiveAsync(
        string controller, string system, HttpContext http, TaskProcessor processor, SystemsApi api, IHostApplicationLifetime lifetime)
    {
        var services = http.RequestServices;
        var connected = services.GetServices<ConnectedSystem>()
            .FirstOrDefault(one => one.Controller == controller && one.System == system);
        if (connected is null)
            return Problem(404, "system.unknown");
        var connection = connected.Connection(services);
        if (await ReadAsync(http.Request, http.RequestAborted) is not { } body)
            return Problem(413, "task.too_large");
        if (!Signed(http.Request, body, connection))
            return Problem(401, "webhook.not_signed");
        if (Parse(body) is not { } task || task.Controller != controller || task.System != system)
            return Problem(400, "task.unreadable");
        if (Interlocked.Increment(ref underWay) > MostAtOnce)
        {
            Interlocked.Decrement(ref underWay);
            http.Response.Headers.RetryAfter = "30";
            return Problem(503, "system.busy");
        }
        PushAnswers answers = new(api, connection);
        _ = WorkAsync(processor, task, answers, services.GetRequiredService<ILogger<TaskProcessor>>(), lifetime.ApplicationStopping);
        return await answers.AtOnceAsync(AnswerAtOnceWithin) is { } receipt
            ? Results.Json(receipt, DsrJson.Options)
            : Results.StatusCode(202);
    }

    private static async Task WorkAsync(
        TaskProcessor processor, SystemTask task, PushAnswers answers, ILogger log, CancellationToken stopping)
    {
        try
        {
            await processor.ProcessAsync(task, answers, stopping);
        }
        catch (Exception exception) when (exception is TaskFailedException or OperationCanceledException)
        {
            // A stored receipt goes out when the service asks again.
            log.LogWarning("The answer for task {TaskId} did not get through: {Reason}", task.TaskId, exception.Message);
        }
        finally
        {
            answers.Leave();
            Interlocked.Decrement(ref underWay);
        }
    }

    private static bool Signed(HttpRequest request, byte[] body, ServiceConnection connection) => StandardWebhooks.Verify(
        new(request.Headers[StandardWebhooks.IdHeader].ToString(),
            request.Headers[StandardWebhooks.TimestampHeader].ToString(),
            request.Headers[StandardWebhooks.SignatureHeader].ToString()),
        TimeProvider.System.GetUtcNow(),
        body,
        connection.WebhookSecrets);

    private static SystemTask? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<SystemTask>(body, DsrJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        using MemoryStream body = new();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancel)) > 0)
        {
            if (body.Length + read > LargestBody)
                return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static IResult Problem(int status, string code) =>
        Results.Problem(statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
