//! Turn by turn.

use super::*;

#[test]
fn roundabouts_are_left_by_a_numbered_exit() {
    let mut builder = Network::builder();
    let ring: Vec<_> = [(10.0, 9.0), (11.0, 10.0), (10.0, 11.0), (9.0, 10.0)]
        .map(|(x, y)| builder.add_node(at(x, y)))
        .to_vec();
    let arms: Vec<_> = [(10.0, 0.0), (20.0, 10.0), (10.0, 20.0), (0.0, 10.0)]
        .map(|(x, y)| builder.add_node(at(x, y)))
        .to_vec();
    for side in 0..4 {
        let ends = [ring[side], ring[(side + 1) % 4]];
        builder.add_stretch(&Stretch {
            traits: Traits::ROUNDABOUT,
            ..Stretch::one_way(ends, 5_000)
        });
        builder.add_stretch(&Stretch::street([arms[side], ring[side]], 50_000));
    }
    let router = router(builder.build().unwrap());
    let (free, effects) = (router.free(Mode::Car), EffectTable::parse("").unwrap());
    let scene = calm(&router, &free, &effects);
    for (goal, exit) in [(at(19.0, 10.0), 1), (at(10.0, 19.0), 2), (at(1.0, 10.0), 3)] {
        let route = scene.route(&mut Search::new(), ask(at(10.0, 1.0), goal)).unwrap();
        let turns: Vec<Turn> = route.steps.iter().map(|step| step.turn).collect();
        assert_eq!(turns, [Turn::Depart, Turn::Roundabout(exit), Turn::Arrive]);
    }
}
