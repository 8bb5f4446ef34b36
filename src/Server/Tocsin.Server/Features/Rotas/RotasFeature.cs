namespace Tocsin.Server.Features.Rotas;

/// <summary>Duty rotas (<i>astreintes</i>).</summary>
internal static class RotasFeature
{
    public static void AddRotas(this IServiceCollection services) => services.AddSingleton<RotaCommands>();
}
