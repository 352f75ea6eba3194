using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using DsrService.Hosting;

namespace DsrService.Web;

/// <summary>How often one network address may call, by the true clock. The address is the connection's own unless a
/// proxy that configuration trusts says otherwise, so a forged header moves nobody to another account.</summary>
internal static class RateLimits
{
    /// <summary>Policy of what takes requests in.</summary>
    public const string Intake = "intake";

    /// <summary>Policy of what tries tokens or passwords.</summary>
    public const string Tokens = "tokens";

    /// <summary>Policy of what others bring in over OpenDSR.</summary>
    public const string OpenDsr = "opendsr";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddRateLimits(this IServiceCollection services, RateLimitOptions limits) => services.AddRateLimiter(limiter =>
    {
        limiter.AddPolicy(Intake, context => PerAddress(context, limits.IntakePerMinute));
        limiter.AddPolicy(Tokens, context => PerAddress(context, limits.TokensPerMinute));
        limiter.AddPolicy(OpenDsr, context => PerAddress(context, limits.OpenDsrPerMinute));
        limiter.OnRejected = async (rejected, _) =>
        {
            var failure = Refusal(rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window);
            await (ErrorPages.IsPage(rejected.HttpContext) ? failure.ToPage() : failure.ToProblem()).After(failure).ExecuteAsync(rejected.HttpContext);
        };
    });

    public static Failure Refusal(TimeSpan after)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
        return new("http.too_many_requests", "There were too many calls. Please wait and try again.", StatusCodes.Status429TooManyRequests)
        {
            Extensions = new Dictionary<string, object?> { [RetryAfterSeconds] = seconds },
        };
    }

    /// <summary>The result with <c>Retry-After</c>, where the failure says when to come again.</summary>
    public static IResult After(this IResult result, Failure failure) =>
        failure.Extensions?.TryGetValue(RetryAfterSeconds, out var seconds) == true ? new WithRetryAfter(result, (int)seconds!) : result;

    private const string RetryAfterSeconds = "retryAfterSeconds";

    private static RateLimitPartition<string> PerAddress(HttpContext context, int limit) =>
        RateLimitPartition.GetFixedWindowLimiter(PartitionOf(context.Connection.RemoteIpAddress),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = Window, QueueLimit = 0 });

    // One household holds a whole /64 of IPv6.
    private static string PartitionOf(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }

    private sealed class WithRetryAfter(IResult result, int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return result.ExecuteAsync(httpContext);
        }
    }
}
