using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DsrService.Web;

/// <summary>The one stylesheet, put together from the embedded files of Web/Styles. Its name holds the hash of its
/// content, so that it may be kept for ever.</summary>
internal static class Stylesheet
{
    private const string Prefix = "DsrService.Web.Styles.";
    private static readonly byte[] Content = Read();

    public static string Path { get; } = $"/assets/site.{Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}.css";

    public static void MapStylesheet(this IEndpointRouteBuilder routes) => routes.MapGet(Path, Serve);

    private static FileContentHttpResult Serve(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(Content, "text/css; charset=utf-8");
    }

    private static byte[] Read()
    {
        var assembly = typeof(Stylesheet).Assembly;
        var all = new StringBuilder();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            all.Append(reader.ReadToEnd());
        }
        return Encoding.UTF8.GetBytes(all.ToString());
    }
}
