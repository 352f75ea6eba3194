namespace DsrService.Connectors;

/// <summary>The connected system that calls, known by its token. Every query of its endpoints has both keys in the where
/// clause: another system's task does not exist for it.</summary>
internal sealed record SystemCaller(string Controller, string System)
{
    /// <summary>The caller of an endpoint that asks for one: set once the token has been checked.</summary>
    public static ValueTask<SystemCaller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<SystemCaller>());
}
