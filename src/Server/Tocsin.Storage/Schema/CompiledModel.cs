using Microsoft.EntityFrameworkCore.Metadata;

namespace Tocsin.Storage.Schema;

/// <summary>The model of each database as code, so that a start does not make it from <see cref="TocsinDbContext"/> by reflection.</summary>
/// <remarks>
/// Written by <c>eng/compile-model/run</c> into <c>CompiledModels</c>; a test compares it with the context. The program that writes it is built without it, and so does not use it.
/// </remarks>
internal static partial class CompiledModel
{
    /// <returns>Null where none was written.</returns>
    public static IModel? Find(DatabaseKind kind)
    {
        IModel? model = null;
        Find(kind, ref model!);
        return model;
    }

    static partial void Find(DatabaseKind kind, ref IModel model);
}
