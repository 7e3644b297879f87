mod nearest;
mod one;
