using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;

namespace DsrService.Web;

/// <summary>Reads a form that one of our pages sent: of bounded size, with its antiforgery token.</summary>
internal static class FormBody
{
    private const int Limit = 256 * 1024;

    private static readonly FormOptions Options = new()
    {
        ValueCountLimit = 256,
        KeyLengthLimit = 256,
        ValueLengthLimit = 64 * 1024,
        BufferBodyLengthLimit = Limit,
        MultipartBodyLengthLimit = Limit,
    };

    public static async Task<Result<IFormCollection>> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        if (!context.Request.HasFormContentType)
            return new Failure("form.unreadable", "This page takes what its own form sends.", StatusCodes.Status415UnsupportedMediaType);
        if (context.Request.ContentLength > Limit)
            return TooLarge();
        context.Features.Set<IFormFeature>(new FormFeature(context.Request, Options));
        try
        {
            var form = await context.Request.ReadFormAsync(cancel);
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
            return Result<IFormCollection>.Of(form);
        }
        catch (AntiforgeryValidationException)
        {
            return new Failure("form.expired", "The form was open for too long, or did not come from our page. Please open it again.", StatusCodes.Status400BadRequest);
        }
        catch (InvalidDataException)
        {
            return TooLarge();
        }
    }

    private static Failure TooLarge() =>
        new("form.too_large", "The form holds more than can be taken in. Please shorten it.", StatusCodes.Status413PayloadTooLarge);
}
