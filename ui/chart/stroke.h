// Draws one antialiased line of any width into plain pixels, at a cost that does not depend on the width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace iotman {

/// Pixels as 0xFFRRGGBB, row after row.
struct PixelBuffer {
    std::uint32_t* pixels = nullptr;
    int width = 0, height = 0;
    std::ptrdiff_t stride = 0; ///< pixels from one row to the next

    std::uint32_t* row(int y) const { return pixels + y * stride; }
};

/// Part of a line in pixels: `on` drawn, `off` not, in turn; all of it when `off` is 0. `phase`: where the first column of
/// the picture stands in the pattern.
struct Dash {
    int on = 1, off = 0;
    std::int64_t phase = 0;
};

/// A line over time has, at every x, one stretch of y that it covers. This keeps that stretch for some places in each pixel
/// column and paints their coverage. A line that is added piece by piece grows together; the pieces need no joins.
class Stroke {
public:
    /// Places per column: one for columns that hold many samples, four where single segments are seen.
    enum class Density { Columns = 1, Segments = 4 };

    Stroke(int widthPx, int heightPx, double lineWidth, Density density);

    /// A round-ended piece from (x0, y0) to (x1, y1), x0 <= x1, in pixels; may lie outside.
    void addSegment(double x0, double y0, double x1, double y1) { addPiece(x0, y0, x1, y1, radius_); }
    void addDot(double x, double y, double radius) { addPiece(x, y, x, y, radius); }
    /// Everything between two heights, at one pixel column.
    void addColumn(int column, double top, double bottom);

    double lineWidth() const { return 2 * radius_; }
    void paint(const PixelBuffer& target, std::uint32_t color, Dash dash = {}) const;
    /// The middle of what the line covers at a column, if it is there.
    std::optional<double> middle(int column) const;

private:
    struct Cover {
        float top, bottom;
    };

    void addPiece(double x0, double y0, double x1, double y1, double radius);
    void cover(std::size_t place, double top, double bottom);
    void paintSpan(const PixelBuffer& target, int column, std::uint32_t color) const;
    void paintColumn(const PixelBuffer& target, int column, std::uint32_t color, std::vector<float>& coverage) const;

    int width_, height_;
    double radius_;
    int perColumn_;
    std::vector<Cover> covers_;
};

} // namespace iotman
